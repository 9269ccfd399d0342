/** DICOM series of separate files, as a scanner stores them: explicit VR, little endian, 16 bits. */
import { discs } from './images.mjs';

/** @param {number} group @param {number} number @param {string} vr @param {string | Uint8Array} value */
function element(group, number, vr, value) {
  const odd = value.length % 2 ? (vr === 'UI' ? '\0' : ' ') : '';
  const bytes = typeof value === 'string' ? Buffer.from(value + odd, 'latin1') : value;
  const long = vr === 'OW' || vr === 'OB';
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  if (long) head.writeUInt32LE(bytes.length, 8);
  else head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}
const short = (/** @type {number} */ value) => Buffer.from(Uint16Array.of(value).buffer);

/** @param {string} kind the UID of its SOP class @param {string} instance its own @param {Uint8Array[]} elements */
function file(kind, instance, elements) {
  const meta = [
    element(2, 1, 'OB', Uint8Array.of(0, 1)),
    element(2, 2, 'UI', kind),
    element(2, 3, 'UI', instance),
    element(2, 0x10, 'UI', '1.2.840.10008.1.2.1'),
  ];
  const length = meta.reduce((sum, { length }) => sum + length, 0);
  const group = element(2, 0, 'UL', Buffer.from(Uint32Array.of(length).buffer));
  return new Uint8Array(Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), group, ...meta, ...elements]));
}

const MR = '1.2.840.10008.5.1.4.1.1.4';
const ROOT = '1.2.826.0.1.3680043.10.999';
/** Nobody: it must not be shown anywhere. */
export const PATIENT = 'Doe^Never^Shown';

/**
 * Axial slices from the feet to the head. In the first pixel each has 100 times its number from there, from 1 on.
 * @param {{ slices?: number, side?: number, spacing?: [number, number, number], description?: string, number?: number }} [options] mm: of rows, of columns, of slices
 * @returns {{ name: string, type: string, bytes: Uint8Array }[]} under names that say nothing, in an order that says nothing
 */
export function dicomSeries({
  slices = 6,
  side = 48,
  spacing = [0.7, 0.7, 1.25],
  description = 'T2 FLAIR axial',
  number = 4,
} = {}) {
  const [rows, columns, apart] = spacing;
  const discsOfAll = discs(side, side);
  const files = Array.from({ length: slices }, (_, i) => {
    const pixels = Uint16Array.from(discsOfAll, (v) => 4 * v + i);
    pixels[0] = 100 * (i + 1);
    const instance = `${ROOT}.${number}.${i + 1}`;
    const bytes = file(MR, instance, [
      element(8, 0x16, 'UI', MR),
      element(8, 0x18, 'UI', instance),
      element(8, 0x20, 'DA', '20210304'),
      element(8, 0x60, 'CS', 'MR'),
      element(8, 0x103e, 'LO', description),
      element(0x10, 0x10, 'PN', PATIENT),
      element(0x18, 0x50, 'DS', String(apart)),
      element(0x20, 0xd, 'UI', `${ROOT}.1`),
      element(0x20, 0xe, 'UI', `${ROOT}.${number}`),
      element(0x20, 0x11, 'IS', String(number)),
      // From the head to the feet: places count, not numbers.
      element(0x20, 0x13, 'IS', String(slices - i)),
      element(0x20, 0x32, 'DS', `-20\\-15\\${10 + apart * i}`),
      element(0x20, 0x37, 'DS', '1\\0\\0\\0\\1\\0'),
      element(0x20, 0x52, 'UI', `${ROOT}.2`),
      element(0x28, 2, 'US', short(1)),
      element(0x28, 4, 'CS', 'MONOCHROME2'),
      element(0x28, 0x10, 'US', short(side)),
      element(0x28, 0x11, 'US', short(side)),
      element(0x28, 0x30, 'DS', `${rows}\\${columns}`),
      element(0x28, 0x100, 'US', short(16)),
      element(0x28, 0x101, 'US', short(16)),
      element(0x28, 0x102, 'US', short(15)),
      element(0x28, 0x103, 'US', short(0)),
      element(0x7fe0, 0x10, 'OW', Buffer.from(pixels.buffer)),
    ]);
    return { name: `IM${((i * 5 + 3) % 97) + 100 * number}`, type: '', bytes };
  });
  return files.sort((a, b) => (a.name.split('').reverse().join('') < b.name.split('').reverse().join('') ? -1 : 1));
}

/** The list of the files of a disc, which is no image. */
export const dicomdir = () => ({
  name: 'DICOMDIR',
  type: '',
  bytes: file('1.2.840.10008.1.3.10', `${ROOT}.9`, [element(4, 0x1130, 'CS', 'DISC')]),
});
