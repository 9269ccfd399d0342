/**
 * An image as about a hundred numbers: its colours, its greys, its edges at several scales, where its light lies, and how many pieces stand
 * out. They are computed here alone: for the page, and for the script that learns from them what images of a kind look like
 * (`tests/reference/make_kinds.py`), so that what is added or changed here needs that script to be run again.
 */

/** The longer side that everything is computed on: how fine a file is says little of what it shows. */
const SIDE = 192;
/** Of the greys, after which shares of the pixels they are read. */
const SHARES = [0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98];
const GRID = 6;
const RINGS = 5;

/** @typedef {{ w: number, h: number, data: Float32Array }} Plane */

/** @param {Uint8ClampedArray | Uint8Array} rgba @param {number} width @param {number} height @returns {number[]} each about -1 to 1 */
export function looks(rgba, width, height) {
  const [red, green, blue] = shrunk(rgba, width, height);
  const { w, h } = red;
  const n = w * h;
  /** @type {Plane} */
  const raw = { w, h, data: red.data.map((r, i) => (r + green.data[i] + blue.data[i]) / 3) };
  const sorted = raw.data.slice().sort();
  const at = (/** @type {number} */ share) => sorted[Math.round(share * (n - 1))];
  const low = at(0.005);
  const range = Math.max(at(0.995) - low, 0.02);
  /** @type {Plane} */
  const grey = { w, h, data: raw.data.map((v) => Math.min(Math.max((v - low) / range, 0), 1)) };
  const share = (/** @type {(v: number) => boolean} */ test) =>
    raw.data.reduce((sum, v) => sum + Number(test(v)), 0) / n;
  return [
    ...colours(red.data, green.data, blue.data),
    low,
    range,
    share((v) => v < 0.03),
    share((v) => v > 0.97),
    ...SHARES.map((s) => Math.min(Math.max((at(s) - low) / range, 0), 1)),
    ...edges(grey),
    ...layout(grey),
    ...pieces(grey),
  ];
}

/** The mean of red, green and blue on a grid of at most `SIDE`; of large images not every pixel is read. @param {Uint8ClampedArray | Uint8Array} rgba @param {number} width @param {number} height @returns {Plane[]} */
function shrunk(rgba, width, height) {
  const scale = Math.max(1, Math.max(width, height) / SIDE);
  const w = Math.max(1, Math.round(width / scale)),
    h = Math.max(1, Math.round(height / scale));
  const planes = [0, 1, 2].map(() => ({ w, h, data: new Float32Array(w * h) }));
  const count = new Float32Array(w * h);
  const step = Math.max(1, Math.floor(scale / 4));
  for (let y = 0; y < height; y += step) {
    const row = Math.min(h - 1, Math.floor((y * h) / height)) * w;
    for (let x = 0; x < width; x += step) {
      const to = row + Math.min(w - 1, Math.floor((x * w) / width));
      const from = 4 * (y * width + x);
      count[to] += 255;
      for (let c = 0; c < 3; c++) planes[c].data[to] += rgba[from + c];
    }
  }
  for (const { data } of planes) for (let i = 0; i < data.length; i++) data[i] /= count[i];
  return planes;
}

/** Means, how colourful, and which hues by their colourfulness. @param {Float32Array} red @param {Float32Array} green @param {Float32Array} blue */
function colours(red, green, blue) {
  const hues = new Float32Array(6);
  const n = red.length;
  let r = 0,
    g = 0,
    b = 0,
    chroma = 0,
    square = 0,
    strong = 0;
  for (let i = 0; i < n; i++) {
    const x = red[i],
      y = green[i],
      z = blue[i];
    const most = Math.max(x, y, z);
    const c = most - Math.min(x, y, z);
    r += x;
    g += y;
    b += z;
    chroma += c;
    square += c * c;
    if (c > 0.15) strong++;
    if (c > 0.02) {
      const hue = most === x ? (y - z) / c : most === y ? 2 + (z - x) / c : 4 + (x - y) / c;
      hues[Math.floor(hue + 6.5) % 6] += c;
    }
  }
  const sum = r + g + b + 0.03 * n;
  const mean = chroma / n;
  const deviation = Math.sqrt(Math.max(0, square / n - mean * mean));
  return [r / sum, g / sum, b / sum, mean, deviation, strong / n, ...[...hues].map((v) => v / (chroma + 0.01 * n))];
}

/** How steep, how often, in which direction, and whether bright or dark things stand out, at four scales. @param {Plane} grey */
function edges(grey) {
  const found = [];
  for (let level = 0, plane = grey; level < 4; level++, plane = halved(plane)) {
    const { w, h, data } = plane;
    let steep = 0,
      some = 0,
      many = 0,
      across = 0,
      curve = 0,
      bend = 0,
      count = 1e-6;
    for (let y = 1; y < h - 1; y++) {
      for (let x = 1, i = y * w + 1; x < w - 1; x++, i++) {
        const dx = data[i + 1] - data[i - 1],
          dy = data[i + w] - data[i - w];
        const slope = Math.sqrt(dx * dx + dy * dy);
        const l = 4 * data[i] - data[i - 1] - data[i + 1] - data[i - w] - data[i + w];
        steep += slope;
        across += Math.abs(dx) - Math.abs(dy);
        curve += Math.abs(l);
        bend += l * Math.abs(l);
        if (slope > 0.08) some++;
        if (slope > 0.25) many++;
        count++;
      }
    }
    const all = steep + 0.002 * count;
    found.push(steep / count, some / count, many / count, across / all, curve / all / 2, Math.cbrt(bend / count));
  }
  return found;
}

/** @param {Plane} plane @returns {Plane} */
function halved({ w, h, data }) {
  const [width, height] = [w >> 1, h >> 1];
  const half = new Float32Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, i = 2 * y * w; x < width; x++, i += 2, to++)
      half[to] = (data[i] + data[i + 1] + data[i + w] + data[i + w + 1]) / 4;
  }
  return { w: width, h: height, data: half };
}

/** Where the light lies: on a grid, in rings around the centre, and how much the image is like itself when it is mirrored. @param {Plane} grey */
function layout({ w, h, data }) {
  const cells = new Float32Array(GRID * GRID),
    squares = new Float32Array(GRID * GRID),
    counts = new Float32Array(GRID * GRID).fill(1e-6);
  const rings = new Float32Array(RINGS),
    around = new Float32Array(RINGS).fill(1e-6);
  const mean = data.reduce((sum, v) => sum + v, 0) / data.length;
  let [square, sides, ends] = [1e-3, 0, 0];
  for (let y = 0, i = 0; y < h; y++) {
    for (let x = 0; x < w; x++, i++) {
      const v = data[i];
      const cell = Math.floor((y * GRID) / h) * GRID + Math.floor((x * GRID) / w);
      cells[cell] += v;
      squares[cell] += v * v;
      counts[cell]++;
      const ring = Math.min(
        RINGS - 1,
        Math.floor((RINGS * Math.sqrt(((2 * x + 1) / w - 1) ** 2 + ((2 * y + 1) / h - 1) ** 2)) / 1.3),
      );
      rings[ring] += v;
      around[ring]++;
      square += (v - mean) ** 2;
      sides += (v - mean) * (data[y * w + w - 1 - x] - mean);
      ends += (v - mean) * (data[(h - 1 - y) * w + x] - mean);
    }
  }
  const spread = squares.map((s, i) => Math.sqrt(Math.max(0, s / counts[i] - (cells[i] / counts[i]) ** 2))).sort();
  return [
    ...cells.map((sum, i) => sum / counts[i]),
    ...[0, 9, 18, 27, 35].map((i) => 2 * spread[i]),
    ...rings.map((sum, i) => sum / around[i]),
    Math.sqrt(square / data.length) * 2,
    sides / square,
    ends / square,
  ];
}

/** The pieces that a threshold after Otsu makes of the bright and of the dark: how many, how large, how round, how many at the border. @param {Plane} grey */
function pieces(grey) {
  const { w, h, data } = halved(grey);
  const n = w * h;
  if (n < 16) return Array(11).fill(0);
  const histogram = new Float32Array(64);
  for (const v of data) histogram[Math.min(63, Math.floor(v * 64))]++;
  let best = -1,
    cut = 0,
    below = 0,
    sum = 0;
  const total = histogram.reduce((all, count, v) => all + count * v, 0);
  for (let v = 0; v < 63; v++) {
    below += histogram[v];
    sum += histogram[v] * v;
    const between = (total * below - sum * n) ** 2 / (below * (n - below) + 1e-6);
    if (between > best) {
      best = between;
      cut = v;
    }
  }
  const seen = new Uint8Array(n);
  const stack = new Int32Array(n);
  const found = [(cut + 1) / 64];
  let top = 0;
  for (const bright of [true, false]) {
    let count = 0,
      all = 0,
      largest = 0,
      border = 0,
      full = 0;
    const visit = (/** @type {number} */ i) => {
      if (seen[i] || data[i] * 64 >= cut + 1 !== bright) return;
      seen[i] = 1;
      stack[top++] = i;
    };
    for (let start = 0; start < n; start++) {
      visit(start);
      let size = 0,
        left = w,
        right = 0,
        low = h,
        high = 0,
        touches = 0;
      while (top > 0) {
        const i = stack[--top];
        const x = i % w,
          y = (i - x) / w;
        size++;
        left = Math.min(left, x);
        right = Math.max(right, x);
        low = Math.min(low, y);
        high = Math.max(high, y);
        if (x === 0 || y === 0 || x === w - 1 || y === h - 1) touches = 1;
        if (x > 0) visit(i - 1);
        if (x < w - 1) visit(i + 1);
        if (y > 0) visit(i - w);
        if (y < h - 1) visit(i + w);
      }
      if (size < 4) continue;
      count++;
      all += size;
      largest = Math.max(largest, size);
      border += touches;
      full += size / ((right - left + 1) * (high - low + 1));
    }
    const each = Math.max(count, 1);
    found.push(Math.log1p(count) / 5, Math.sqrt(all / each / n), largest / n, border / each, full / each);
  }
  return found;
}
