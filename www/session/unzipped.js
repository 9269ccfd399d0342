/** The files of an archive that the engine packed: few and small ones, such as a table. */

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const DEFLATED = 8;

/** @param {Blob} archive without a comment at its end @returns {Promise<{ name: string, file: Blob }[]>} */
export async function unzipped(archive) {
  const bytes = new Uint8Array(await archive.arrayBuffer());
  const view = new DataView(bytes.buffer);
  const end = bytes.length - 22;
  if (end < 0 || view.getUint32(end, true) !== END) throw new Error('no archive');
  const found = [];
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    if (view.getUint32(at, true) !== ENTRY) throw new Error('a damaged archive');
    const [method, packed] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
    const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const local = view.getUint32(at + 42, true);
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const stored = new Blob([bytes.subarray(from, from + packed)]);
    const file = method === DEFLATED ? await inflated(stored) : stored;
    found.push({ name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)), file });
    at += 46 + name + extra + comment;
  }
  return found;
}

/** @param {Blob} packed */
const inflated = (packed) => new Response(packed.stream().pipeThrough(new DecompressionStream('deflate-raw'))).blob();
