import assert from 'node:assert/strict';
import test from 'node:test';
import { Pace } from '../../www/training/pace.js';
import { wholeStep } from '../../www/session/training/plan.js';

test('the time to come counts validations, and what steps waited for', () => {
  const pace = new Pace();
  assert.ok(Number.isNaN(pace.secondsFor(10, 5)), 'not known before the first steps');
  let now = 0;
  for (let i = 0; i < 10; i++) {
    // A second for the step, and half of one for a picture before it.
    pace.step(now + 500, now + 1500);
    now += 1500;
  }
  assert.equal(pace.secondsFor(100, 10), 150);
  pace.validated(6000);
  now += 6000;
  pace.step(now + 500, now + 1500);
  assert.equal(Math.round(100 / pace.stepsPerSecond) / 100, 1.5, 'a step is no slower for a validation before it');
  assert.equal(Math.round(pace.secondsFor(100, 10)), 210);
  assert.equal(pace.seconds, 11);
});

test('pictures that come every few seconds count where steps are fast', () => {
  const pace = new Pace();
  let now = 0;
  for (let i = 0; i < 1000; i++) {
    const waited = i % 100 === 0 ? 1000 : 0;
    now += 10 + waited;
    pace.step(now - 10, now);
  }
  assert.ok(Math.abs(pace.secondsFor(1000, 100) - 20) < 1, String(pace.secondsFor(1000, 100)));
});

test('before the first step a guess counts validations and pictures, too', () => {
  const plan = { seconds: 1, batch: 1, patch: 128 };
  const how = { steps: 100, live: false };
  assert.equal(wholeStep(plan, [], how), 1);
  const large = [{ width: 4000, height: 4000 }];
  assert.ok(wholeStep(plan, large, how) > 2, 'a tenth of a look at 768 by 768 pixels');
  assert.equal(wholeStep(plan, [], { ...how, live: true }), 4 / 3);
});
