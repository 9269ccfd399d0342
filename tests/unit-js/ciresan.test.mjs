/** What a sliding window costs. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { costs, n4MultiplyAdds, rim } from '../../www/views/inside/ciresan.js';
import { duration } from '../../www/strings/format.js';

test('the network of 2012 takes as many multiply-adds for a pixel as the sizes in its table make', () => {
  // Maps of 92, 42, 18 and 6 pixels a side after the convolutions; 3 x 3 x 48 values go into the dense layers.
  const convolutions = 92 ** 2 * 16 * 48 + 42 ** 2 * 25 * 48 ** 2 + 18 ** 2 * 16 * 48 ** 2 + 6 ** 2 * 16 * 48 ** 2;
  assert.equal(n4MultiplyAdds(), convolutions + 432 * 200 + 200 * 2);
});

test('the costs of windows are those of one, as often as there are pixels', () => {
  const found = {
    x: 4,
    y: 4,
    width: 4,
    height: 2,
    seen: { width: 100, height: 50 },
    window: { width: 64, height: 64 },
    pass: { width: 64, height: 64 },
    windowMultiplyAdds: 1000,
    passMultiplyAdds: 2000,
    windowMilliseconds: 80,
    passMilliseconds: 20,
    imageWindowMultiplyAdds: 5e6,
    imageMultiplyAdds: 8000,
    byWindow: Float32Array.of(0, 0.5, 1, 0, 0, 0, 0, 0),
    atOnce: Float32Array.of(0, 0.25, 1, 0, 0, 0, 0, 0),
  };
  const { pixels, windows, times, windowsWhole, passWhole, off, n4 } = costs(found);
  assert.deepEqual({ pixels, windows, times, off }, { pixels: 8, windows: 8000, times: 4, off: 0.25 });
  assert.deepEqual({ windowsWhole, passWhole }, { windowsWhole: 50_000, passWhole: 80 });
  assert.equal(n4, n4MultiplyAdds() * 5000);
});

test('long times are told in hours', () => {
  assert.equal(duration(3 * 3600e3 + 25 * 60e3 + 4e3), '3 h 25 min');
  assert.equal(duration(90_000), '1 min 30 s');
});

test('the window begins at the rim that is nearest to the middle', () => {
  const labels = [0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0];
  assert.deepEqual(rim(labels, 4, 3), { x: 3, y: 1 });
  assert.deepEqual(rim([0, 0, 0, 0], 2, 2), { x: 1, y: 1 });
  assert.deepEqual(rim(null, 8, 6), { x: 4, y: 3 });
});
