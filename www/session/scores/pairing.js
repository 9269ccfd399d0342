/** Which file of labels belongs to which image, by their names. */
import { describesZarr } from '../../wire/zarr.js';

/** What people put behind the name of an image to say that a file holds its labels. */
const MARK = /[-_. ](mask|masks|seg|segmentation|label|labels|gt|truth|ground[-_ ]?truth|annotation|manual\d*)$/i;

/** Folders of which people say by their name that they hold labels. */
const FOLDER = /(^|\/)(labels?|masks?|gt|truth|ground[-_ ]?truth|annotations?)\/[^/]*$/i;

/** Whether a path within what was dropped says that a file holds labels. @param {string} path */
export const liesAmongTruths = (path) => FOLDER.test(path) && !describesZarr(path);

/** A name without what tells the format. @param {string} name */
function stem(name) {
  const plain = name.replace(/(\.nii)?(\.(gz|zst|zip))?$/i, '');
  return (plain.replace(/\.[^.]*$/, '') || plain).toLowerCase();
}

/** A name without its mark; the same where it has none. @param {string} name */
const unmarked = (name) => stem(name).replace(MARK, '');

/** Whether a name says that the file holds labels of another one among these. @param {string} name @param {string[]} others */
export function isTruth(name, others) {
  return MARK.test(stem(name)) && others.some((other) => other !== name && stem(other) === unmarked(name));
}

/**
 * Finds the image of each file of labels: one of the same name, or of the same without the mark.
 * @template {{ id: number, name: string }} T
 * @param {File[]} truths @param {T[]} items
 * @returns {{ pairs: Map<number, File>, left: File[] }} by the image's id; and those that belong to none
 */
export function paired(truths, items) {
  const pairs = new Map();
  const left = [];
  for (const file of truths) {
    const same = (/** @type {T} */ { name }) => stem(name) === stem(file.name);
    const like = (/** @type {T} */ { name }) => stem(name) === unmarked(file.name);
    const item = items.find(same) ?? items.find(like);
    // One file for one image that is alone needs no name.
    const only = truths.length === 1 && items.length === 1 ? items[0] : undefined;
    const found = item ?? only;
    if (found) pairs.set(found.id, file);
    else left.push(file);
  }
  return { pairs, left };
}
