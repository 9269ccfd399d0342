/** Volumes that know where they lie in the patient: NIfTI files with an sform. */

/** What a voxel holds, Hounsfield units: from the right to the left, from front to back, from the feet to the head, each -1 to 1. @typedef {(left: number, back: number, head: number) => number} Body */

/** A body that looks the same from no side: a heart at the left, a spine at the back, a bright foot end. @type {Body} */
export const lopsided = (left, back, head) => {
  if (Math.hypot(left / 0.9, back / 0.7) > 1) return -1000;
  if (Math.hypot(left, back - 0.5) < 0.12) return 900;
  if (Math.hypot(left - 0.45, back + 0.1, head) < 0.3) return 300;
  return head < -0.8 ? 600 : 40;
};

/**
 * Columns are written to the right, rows to the front, slices to the head, as nibabel does: the page turns them.
 * @param {string} name @param {[number, number, number]} size columns, rows, slices @param {[number, number, number]} spacing mm @param {Body} [body]
 */
export function nifti(name, [width, height, depth], spacing, body = lopsided) {
  const head = Buffer.alloc(352);
  head.writeInt32LE(348, 0);
  [3, width, height, depth, 1, 1, 1, 1].forEach((side, i) => head.writeInt16LE(side, 40 + 2 * i));
  head.writeInt16LE(4, 70);
  head.writeInt16LE(16, 72);
  [1, ...spacing].forEach((side, i) => head.writeFloatLE(side, 76 + 4 * i));
  head.writeFloatLE(352, 108);
  head.writeFloatLE(1, 112);
  head.writeUInt8(2, 123);
  head.writeInt16LE(1, 254);
  const [x, y, z] = spacing;
  [x, 0, 0, -60, 0, y, 0, -60, 0, 0, z, -40].forEach((value, i) => head.writeFloatLE(value, 280 + 4 * i));
  head.write('n+1\0', 344, 'latin1');
  const voxels = new Int16Array(width * height * depth);
  const part = (/** @type {number} */ at, /** @type {number} */ count) => (2 * (at + 0.5)) / count - 1;
  for (let k = 0, to = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, to++) voxels[to] = body(-part(i, width), -part(j, height), part(k, depth));
    }
  }
  return { name, type: 'application/octet-stream', bytes: Buffer.concat([head, Buffer.from(voxels.buffer)]) };
}
