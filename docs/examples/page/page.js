/** What the viewer shows is told in words; a file and a threshold that a person chooses are given to it. */
import 'insitu/viewer';

const viewer = /** @type {import('insitu/viewer').InsituViewer} */ (document.querySelector('insitu-viewer'));
const [file, threshold] = document.querySelectorAll('input');
const [says] = document.querySelectorAll('output');

viewer.addEventListener('mask', (event) => {
  const { mask, card } = /** @type {CustomEvent<import('insitu/viewer').MaskShown>} */ (event).detail;
  says.textContent = card.classes.map(({ name }, i) => `${name}: ${mask.areas[i]} pixels`).join(', ');
});
viewer.addEventListener('error', () => (says.textContent = ''));
file.addEventListener('change', () => (viewer.file = file.files?.[0] ?? null));
threshold.addEventListener('input', () => viewer.setAttribute('threshold', threshold.value));
