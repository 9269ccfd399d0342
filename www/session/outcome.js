/** What is told after all files were gone through. Pure functions. */
import { sentences as joined } from '../strings/format.js';
import { t } from '../strings/t.js';

/**
 * @typedef {{ name: string, message: string }} Trouble
 *
 * @typedef {object} Outcome
 * @property {Blob | null} blob an archive
 * @property {number} total files
 * @property {number} done files: written, if they were to be, else segmented
 * @property {Trouble[]} troubles
 * @property {string | null} folder that they were written into
 * @property {boolean} saved whether files were to be written
 * @property {'all' | 'stopped' | 'lost'} ended `stopped`: by the person; `lost`: by its folder
 * @property {import('../insitu.js').InsituError | null} lost what was wrong with a folder
 * @property {number} before files that were in that one by then
 * @property {{ done: number, total: number } | null} slices of the file, if it is one alone and has several
 * @property {string | null} name of the file that is no archive
 * @property {string | null} [planes] that the network saw, if not the slices as they are
 */

/** Troubles that are told at once; the others are a press away. */
const TOLD = 5;

/** @param {Trouble} trouble */
const line = ({ name, message }) => t('save.trouble', { name, message });

/** @param {Outcome} outcome */
const stopped = ({ slices, done, total }) =>
  slices ? t('save.stopped.slices', { done: slices.done, all: slices.total }) : t('save.stopped', { done, all: total });

/** @param {Outcome} outcome @returns {{ text: string, list: string[] }} `list`: all that went wrong, if it is more than the text tells */
export function told(outcome) {
  const { total, done, troubles, folder, saved, ended, lost, before, slices, name, planes } = outcome;
  const where = folder && done > 0 ? [t('save.folder.where', { folder })] : [];
  /** @type {string[]} */
  const sentences = [];
  if (lost) sentences.push(lost.message, t('save.folder.before', { count: before }));
  if (ended === 'stopped') sentences.push(stopped(outcome), ...where);
  else if (ended === 'all' && name) sentences.push(t('save.done', { name }));
  else if (ended === 'all' && troubles.length > 0) sentences.push(t('save.all.partly', { done, all: total }), ...where);
  else if (ended === 'all' && folder) sentences.push(t('save.folder.done', { count: done, folder }));
  else if (ended === 'all' && slices && !saved && planes)
    sentences.push(t('segmentSlices.done.along', { count: slices.total, planes }));
  else if (ended === 'all' && slices && !saved) sentences.push(t('segmentSlices.done', { count: slices.total }));
  else if (ended === 'all') sentences.push(t(saved ? 'save.all.done' : 'segmentAll.done', { count: done }));
  sentences.push(...troubles.slice(0, TOLD).map(line));
  const many = troubles.length > TOLD;
  if (many) sentences.push(t('save.more', { count: troubles.length - TOLD }));
  return { text: joined(sentences), list: many ? troubles.map(line) : [] };
}
