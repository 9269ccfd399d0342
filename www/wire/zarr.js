/** Folders of Zarr, by the names of their files: a few that describe the folder, and thousands of chunks. */

/** What describes a folder begins with a dot in version 2. */
const DESCRIPTION = /(^|\/)(\.z(array|attrs|group)|zarr\.json)$/;

/** Whether a file describes a folder of Zarr. @param {string} name with or without folders before it */
export const describesZarr = (name) => DESCRIPTION.test(name);

/** Whether systems hide a file of this path, or a folder in it: such files are not meant. @param {string} path */
export const isHidden = (path) => /(^|\/)\./.test(describesZarr(path) ? folderOf(path) : path);

/** Which files lie in a folder of Zarr and describe nothing, so that nothing needs to be read to know what they are. @param {string[]} names with their folders @returns {boolean[]} */
export function chunksAmong(names) {
  const folders = new Set(names.filter(describesZarr).map(folderOf));
  return names.map((name) => {
    if (describesZarr(name) || folders.size === 0) return false;
    for (let folder = folderOf(name); ; folder = folderOf(folder.slice(0, -1))) {
      if (folders.has(folder)) return true;
      if (folder === '') return false;
    }
  });
}

/** With its slash; empty if there is none. @param {string} path */
const folderOf = (path) => path.slice(0, path.lastIndexOf('/') + 1);
