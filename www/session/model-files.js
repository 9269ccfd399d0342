/** Which of the files that come together are models, and which belong to them. */

/** Names of files with the weights of a network; what is inside decides how they are read. */
const WEIGHTS = /\.(safetensors|pth?|ckpt|h5|hdf5|keras|onnx)$/i;
const ONNX = /\.onnx$/i;
/** As PyTorch and others call the file with the weights of an ONNX file. */
const DATA = /\.onnx[._]data$/i;
const ZIP = /\.zip$/i;
/** What the folder of a StarDist model has its weights in. */
const FOLDER = /weights_(best|last|now)\.h5/;
/** Bytes at the end of a ZIP archive, where the names of its entries stand. */
const DIRECTORY = 1 << 16;

/** Whether this looks like a part of a model without the rest. @param {File} file */
export const isData = ({ name }) => DATA.test(name);

/** @param {File} file */
export const isModel = ({ name }) => WEIGHTS.test(name);

/** Whether this is a ZIP of the folder of a model; other archives hold images. @param {File} file */
async function isFolder(file) {
  return ZIP.test(file.name) && FOLDER.test(await file.slice(-DIRECTORY).text());
}

/**
 * Models with the files that they want beside themselves, and the files that are no part of one.
 * @param {File[]} files @param {(file: File) => Promise<string[]>} wanted what a model file wants beside itself
 * @returns {Promise<{ models: File[][], rest: File[] }>}
 */
export async function sorted(files, wanted) {
  const folders = await Promise.all(files.map(isFolder));
  const taken = new Set(files.filter((file, i) => isModel(file) || folders[i]));
  const models = [];
  for (const file of [...taken]) {
    const names = ONNX.test(file.name) ? await wanted(file) : [];
    const beside = files.filter((other) => !isModel(other) && names.includes(other.name));
    for (const other of beside) taken.add(other);
    models.push([file, ...beside]);
  }
  return { models, rest: files.filter((file) => !taken.has(file)) };
}

/** Whether `sorted` has to look into files. @param {File[]} files */
export const mayBelong = (files) =>
  files.some(({ name }) => ZIP.test(name)) || (files.length > 1 && files.some(({ name }) => ONNX.test(name)));
