/** The button that chooses a folder. */
import { h } from '../elements/dom.js';
import { t } from '../strings/t.js';
import { icon } from './icons.js';

/** @param {string} kind a class @param {() => void} pick @param {string} words */
export const folderButton = (kind, pick, words) =>
  h(
    'button',
    { type: 'button', class: kind, title: t('folder.choose.title'), onclick: pick },
    icon('folder'),
    t(words),
  );
