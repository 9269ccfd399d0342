/** The calls of the API one after the other: open, model, image, mask. */
import { InsituError, open } from 'insitu';

const [choose] = document.querySelectorAll('input');
const [says] = document.querySelectorAll('output');
const [canvas] = document.querySelectorAll('canvas');

/** Once, and kept: the engine takes a moment to start. @type {ReturnType<typeof open> | null} */
let started = null;

/** @param {File} file */
async function segment(file) {
  says.textContent = 'Starting the engine';
  const app = await (started ??= open());
  const card = await app.loadModel('nuclei');
  const scan = await app.openScan(file);
  const onProgress = ({ done, total }) => (says.textContent = `Tile ${done} of ${total}`);
  const mask = await app.segment(scan, { onProgress });
  const picture = await app.render(scan);
  for (let i = 0; i < mask.labels.length; i++) if (mask.labels[i] > 0) picture.data[4 * i] = 255;
  [canvas.width, canvas.height, canvas.hidden] = [picture.width, picture.height, false];
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
  await app.closeScan(scan);
  says.textContent = `${card.title}: ${mask.areas[0]} pixels, on ${app.device.name}`;
}

choose.addEventListener('change', () => {
  const [file] = choose.files ?? [];
  if (file)
    segment(file).catch((error) => (says.textContent = error instanceof InsituError ? error.message : `${error}`));
});
