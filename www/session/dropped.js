/** The files of a drop or of a folder that was chosen, and where in it each lies. */

import { describesZarr, isHidden } from '../wire/zarr.js';

/** @type {WeakMap<File, string>} */
const paths = new WeakMap();

/** Where a file lay in the folder that it came with; empty if it came by itself. @param {File} file */
export const pathOf = (file) => paths.get(file) ?? file.webkitRelativePath ?? '';

/** Says where a file lay. @param {File} file @param {string} path @returns {File} */
export function place(file, path) {
  paths.set(file, path);
  return file;
}

/** @param {File[]} files @returns {File[]} */
const inOrder = (files) => files.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));

/**
 * The files of a drop, with those in folders.
 * @param {DataTransfer} transfer @returns {Promise<File[]>}
 */
export async function filesOf(transfer) {
  // Entries are gone once this task ends, so they are all taken first.
  const entries = [...transfer.items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry?.() : null));
  if (!entries.some((entry) => entry?.isDirectory)) return [...transfer.files];
  const found = await Promise.all(entries.map((entry) => (entry ? inside(entry) : [])));
  return inOrder(found.flat());
}

/** The same of a folder that was chosen, whose files the browser lists by itself. @param {Iterable<File>} files */
export const filesIn = (files) => inOrder([...files].filter((file) => !isHidden(pathOf(file))));

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} */
async function inside(entry) {
  if (entry.name.startsWith('.') && !(entry.isFile && describesZarr(entry.name))) return [];
  if (entry.isFile) {
    const one = /** @type {FileSystemFileEntry} */ (entry);
    const file = await new Promise((resolve, reject) => one.file(resolve, reject));
    paths.set(file, entry.fullPath);
    return [file];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {File[]} */
  const files = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return files;
    for (const found of await Promise.all(some.map(inside))) files.push(...found);
  }
}
