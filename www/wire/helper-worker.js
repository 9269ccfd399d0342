/** A worker that computes parts of an image for the engine's worker. */
import '../guard/guard.js';
import { serveObject } from './worker-shell.js';

/** @typedef {import('./worker-shell.js').MethodsOf<import('../../pkg/insitu.js').Hand>} HelperMethods */

serveObject(({ Hand }) => new Hand());
