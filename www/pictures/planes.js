/** Planes through volumes: where a voxel lies on their pictures. Pure functions. */

/**
 * @typedef {import('../../pkg/insitu.js').PlanePicture} PlanePicture
 * @typedef {Pick<PlanePicture, 'width' | 'height' | 'across' | 'down'>} Lie how voxel axes run on a picture
 * @typedef {[number, number, number]} Voxel column, row, depth
 */

/**
 * The pixels of a plane of slices in the order of the slices themselves, however the picture was turned: what else is known of a slice
 * (masks, labels, values) must lie on it.
 * @param {Pick<PlanePicture, 'width' | 'height' | 'across' | 'down' | 'pixels'>} plane @returns {Uint8ClampedArray<ArrayBuffer>} RGBA
 */
export function upright({ width, height, across, down, pixels }) {
  if (across.axis === 0 && !across.reversed && !down.reversed) return pixels;
  const columns = across.axis === 0 ? width : height;
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height);
  const turned = new Uint32Array(width * height);
  for (let y = 0, from = 0; y < height; y++) {
    const v = down.reversed ? height - 1 - y : y;
    for (let x = 0; x < width; x++, from++) {
      const u = across.reversed ? width - 1 - x : x;
      turned[across.axis === 0 ? v * columns + u : u * columns + v] = words[from];
    }
  }
  return new Uint8ClampedArray(turned.buffer);
}

/** Where a place among the voxels (voxel i reaches from i to i + 1) lies on a picture, in its pixels. @param {Lie} lie @param {Voxel} place */
export function toPicture({ width, height, across, down }, place) {
  const at = (/** @type {Lie['across']} */ { axis, reversed }, /** @type {number} */ n) =>
    reversed ? n - place[axis] : place[axis];
  return { x: at(across, width), y: at(down, height) };
}

/** The other way round, beside the picture, too; along the axis that stands upright on it the place stays. @param {Lie} lie @param {{ x: number, y: number }} point @param {Voxel} place @returns {Voxel} */
export function toVoxels({ width, height, across, down }, { x, y }, place) {
  const next = /** @type {Voxel} */ ([...place]);
  next[across.axis] = across.reversed ? width - x : x;
  next[down.axis] = down.reversed ? height - y : y;
  return next;
}

/** Where the middle of a voxel lies on a picture, in its pixels. @param {Lie} lie @param {Voxel} voxel */
export const onPlane = (lie, [x, y, z]) => toPicture(lie, [x + 0.5, y + 0.5, z + 0.5]);

/**
 * Values of an upright plane, `[depth][x]`, as they lie on its picture: a value for each of its pixels. x: columns or rows.
 * @param {Lie} lie @param {Uint8Array} values @returns {Uint8Array}
 */
export function turnedValues({ width, height, across, down }, values) {
  const columns = across.axis === 2 ? height : width;
  const turned = new Uint8Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    const v = down.reversed ? height - 1 - y : y;
    for (let x = 0; x < width; x++, to++) {
      const u = across.reversed ? width - 1 - x : x;
      turned[to] = across.axis === 2 ? values[u * columns + v] : values[v * columns + u];
    }
  }
  return turned;
}

/** The other way round: the voxel under a point of a picture; the axis that stands upright on it stays. @param {Lie} lie @param {{ x: number, y: number }} point @param {Voxel} voxel @returns {Voxel} */
export function under({ width, height, across, down }, { x, y }, voxel) {
  const next = /** @type {Voxel} */ ([...voxel]);
  const of = (/** @type {number} */ at, /** @type {number} */ n, /** @type {boolean} */ reversed) => {
    const whole = Math.min(Math.max(Math.floor(at), 0), n - 1);
    return reversed ? n - 1 - whole : whole;
  };
  next[across.axis] = of(x, width, across.reversed);
  next[down.axis] = of(y, height, down.reversed);
  return next;
}

/** How large a picture is in the units of its spacing: mm, or pixels where it is not known. @param {Pick<PlanePicture, 'width' | 'height' | 'spacing'>} plane */
export const extent = ({ width, height, spacing }) => ({
  width: width * (spacing?.x ?? 1),
  height: height * (spacing?.y ?? 1),
});

/**
 * A mask on a plane that stands upright on the slices.
 * @param {Lie} lie @param {number} index along the axis that is not on the plane @param {{ labels: Uint8Array, width: number }[]} slices all of them, by depth
 * @param {Uint32Array} colours by label, as `packed` gives them @returns {Uint8ClampedArray<ArrayBuffer>} RGBA
 */
export function maskOn({ width, height, across, down }, index, slices, colours) {
  const out = new Uint32Array(width * height);
  const voxel = [index, index, index];
  for (let y = 0, to = 0; y < height; y++) {
    voxel[down.axis] = down.reversed ? height - 1 - y : y;
    for (let x = 0; x < width; x++, to++) {
      voxel[across.axis] = across.reversed ? width - 1 - x : x;
      const { labels, width: columns } = slices[voxel[2]];
      out[to] = colours[labels[voxel[1] * columns + voxel[0]]];
    }
  }
  return new Uint8ClampedArray(out.buffer);
}
