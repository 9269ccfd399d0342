/** The worker that owns the labels. One call after the other: answers come in the order of the questions. */
import '../guard/guard.js';
import { serveObject } from '../wire/worker-shell.js';
import { LONG } from './long.js';

/** @typedef {import('../wire/worker-shell.js').MethodsOf<import('../../pkg/insitu.js').Painter>} LabelMethods */

serveObject(({ Painter }) => new Painter(), LONG);
