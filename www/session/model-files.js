/** Which of the files that come together are models, and which belong to them. */

/** Names of files with the weights of a network; what is inside decides how they are read. */
const WEIGHTS = /\.(safetensors|pth?|ckpt|h5|hdf5|keras|onnx)$/i;
const ONNX = /\.onnx$/i;
/** As PyTorch and others call the file with the weights of an ONNX file. */
const DATA = /\.onnx[._]data$/i;

/** Whether this looks like a part of a model without the rest. @param {File} file */
export const isData = ({ name }) => DATA.test(name);

/** @param {File} file */
export const isModel = ({ name }) => WEIGHTS.test(name);

/**
 * Models with the files that they want beside themselves, and the files that are no part of one.
 * @param {File[]} files @param {(file: File) => Promise<string[]>} wanted what a model file wants beside itself
 * @returns {Promise<{ models: File[][], rest: File[] }>}
 */
export async function sorted(files, wanted) {
  const taken = new Set(files.filter(isModel));
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
export const mayBelong = (files) => files.length > 1 && files.some(({ name }) => ONNX.test(name));
