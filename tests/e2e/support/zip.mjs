/** What is in a ZIP archive. */
import { inflateRawSync } from 'node:zlib';

/** @param {Buffer} bytes @returns {Map<string, Buffer>} by name */
export function unzip(bytes) {
  const files = new Map();
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < bytes.readUInt16LE(end + 10); i++) {
    const [packed, name, extra, comment] = [20, 28, 30, 32].map((offset) =>
      offset === 20 ? bytes.readUInt32LE(at + offset) : bytes.readUInt16LE(at + offset),
    );
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const stored = bytes.subarray(from, from + packed);
    const deflated = bytes.readUInt16LE(at + 10) === 8;
    files.set(bytes.toString('utf8', at + 46, at + 46 + name), deflated ? inflateRawSync(stored) : stored);
    at += 46 + name + extra + comment;
  }
  return files;
}
