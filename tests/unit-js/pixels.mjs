/** The pixels of a PNG of 8 bits, grey or in colour, not interlaced: so that tests can look at images without a browser. */
import { inflateSync } from 'node:zlib';

/** @param {Buffer} file @returns {{ rgba: Uint8ClampedArray, width: number, height: number }} */
export function pixels(file) {
  const data = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  }
  const [width, height, bits, colour] = [file.readUInt32BE(16), file.readUInt32BE(20), file[24], file[25]];
  const samples = { 0: 1, 2: 3, 6: 4 }[colour];
  if (bits !== 8 || !samples || file[28] !== 0) throw new Error('not such a PNG');
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * samples;
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1);
    const row = Uint8Array.from(raw.subarray(from + 1, from + 1 + stride));
    for (let i = 0; i < stride; i++) {
      const left = i < samples ? 0 : row[i - samples];
      const up = above[i];
      const corner = i < samples ? 0 : above[i - samples];
      const a = Math.abs(up - corner),
        b = Math.abs(left - corner),
        c = Math.abs(left + up - 2 * corner);
      const way = raw[from];
      if (way === 1) row[i] += left;
      else if (way === 2) row[i] += up;
      else if (way === 3) row[i] += (left + up) >> 1;
      else if (way === 4) row[i] += a <= b && a <= c ? left : b <= c ? up : corner;
    }
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) rgba[4 * (y * width + x) + c] = row[x * samples + (samples < 3 ? 0 : c)];
    }
    above = row;
  }
  return { rgba, width, height };
}
