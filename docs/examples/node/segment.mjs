/** `node segment.mjs IMAGE [MODEL]`: writes IMAGE.mask.png (class of each pixel) and IMAGE.csv (a row for each object). */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileAt, InsituError, open } from 'insitu/node';

const [path, model = 'nuclei'] = process.argv.slice(2);
if (!path) throw new Error('node segment.mjs IMAGE [MODEL]');

/** @param {string} place @param {Blob} blob */
const save = async (place, blob) => writeFile(place, new Uint8Array(await blob.arrayBuffer()));

const app = await open();
try {
  const { classes } = await app.loadModel(model);
  const scan = await app.openScan(await fileAt(path));
  const mask = await app.segment(scan, { slice: scan.middle });
  const { numbers, count } = await app.results.objects(scan, { slice: scan.middle });
  const { labels } = mask;
  const result = { scan, slice: scan.middle, name: basename(path), classes, labels, numbers, micrometres: null };
  await save(`${path}.mask.png`, await app.maskPng(mask));
  await save(`${path}.csv`, await app.results.file('csv', result));
  console.log(`${count} objects, ${mask.areas.join(' + ')} pixels of ${scan.width * scan.height}`);
} catch (error) {
  console.error(error instanceof InsituError ? `${error.message} (${error.code})` : error);
  process.exitCode = 1;
} finally {
  await app.close();
}
