/**
 * What the service worker decides: which cache is whose, what answers a request, which files a version needs. Pure functions; `xtask dist` writes
 * them and `service-worker.js` into one script.
 *
 * @typedef {[path: string, bytes: number, sha256: string]} Listed a file of a release: its path from the page's folder on, its size, its hash in hexadecimal digits
 * @typedef {{ version: string, files: Listed[] }} Release
 * @typedef {'all' | 'used'} Wish which of the models are to be there without the network
 * @typedef {{ wish: Wish, used: string[] }} Choices `used`: the ids of models
 * @typedef {{ kind: 'page' } | { kind: 'file', version: string } | { kind: 'house' } | { kind: 'shared' } | { kind: 'network' }} Place what answers a request: the page itself, a file of
 *   a version, a file that the house may change at any time, the worker itself, which takes files that were shared, or
 *   the server alone
 */

/** A folder of a release, as `0.1.0-0123456789ab`. Its name is made of what is in it, so that no two versions share an address. */
const FOLDER = /^\d[\w.+-]*-[0-9a-f]{12}$/;

/** What a house may change without a new release. */
export const HOUSE = 'config.json';

/** Where the system sends files that a person shares with the installed page; the manifest names it, too. */
const SHARE = 'share';

/** @type {Readonly<Choices>} */
export const CHOICES = Object.freeze({ wish: 'all', used: [] });

/** All caches of one page begin so: other pages of the origin have others. @param {string} scope the address of the page's folder */
export const family = (scope) => `insitu ${new URL(scope).pathname} `;

/** Where shared files lie until the page has taken them. @param {string} scope */
export const sharedAt = (scope) => `${family(scope)}shared`;

/** The cache of a version. @param {string} scope @param {string} version */
export const cacheOf = (scope, version) => `${family(scope)}${version}`;

/** The versions that have a cache. @param {string[]} names of caches @param {string} scope @returns {string[]} */
export const versionsAmong = (names, scope) =>
  names
    .filter((name) => name.startsWith(family(scope)))
    .map((name) => name.slice(family(scope).length))
    .filter((version) => FOLDER.test(version));

/** The path of an address below the page's folder, without what follows `?`; null outside. @param {string} url @param {string} scope */
export function below(url, scope) {
  const { origin, pathname } = new URL(url);
  const folder = new URL(scope);
  if (origin !== folder.origin || !pathname.startsWith(folder.pathname)) return null;
  try {
    return decodeURIComponent(pathname.slice(folder.pathname.length));
  } catch {
    return null;
  }
}

/** The version whose folder a path lies in. @param {string} path */
export function versionOf(path) {
  const [folder, ...rest] = path.split('/');
  return rest.length > 0 && FOLDER.test(folder) ? folder : null;
}

/** The path of a file in the folder of its version: what two versions call the same file. @param {string} path */
export const inside = (path) => (versionOf(path) ? path.slice(path.indexOf('/') + 1) : path);

/**
 * What answers a request.
 * @param {{ url: string, method: string, mode: string }} request @param {string} scope @param {Release} release the one at work
 * @returns {Place}
 */
export function placeOf({ url, method, mode }, scope, { version, files }) {
  if (method === 'POST' && mode === 'navigate' && below(url, scope) === SHARE) return { kind: 'shared' };
  const path = method === 'GET' ? below(url, scope) : null;
  if (path === null) return { kind: 'network' };
  if (mode === 'navigate' && (path === '' || path === 'index.html')) return { kind: 'page' };
  if (path === HOUSE) return { kind: 'house' };
  const own = versionOf(path);
  // A page of an older version asks for its own files, and gets no others.
  if (own) return { kind: 'file', version: own };
  return files.some(([name]) => name === path) ? { kind: 'file', version } : { kind: 'network' };
}

/** The id of the model that a file is; null for others. @param {string} path */
export const modelOf = (path) => /(?:^|\/)models\/([^/]+)\.safetensors$/.exec(path)?.[1] ?? null;

/** Whether a version is to have a file. @param {Listed} file @param {Choices} choices */
export function wanted([path], { wish, used }) {
  const model = modelOf(path);
  return model === null || wish === 'all' || used.includes(model);
}

/** Choices as they were stored; the first ones if they make no sense. @param {unknown} read @returns {Choices} */
export function readChoices(read) {
  const { wish, used } = /** @type {Partial<Choices>} */ (read ?? {});
  const ids = Array.isArray(used) ? used.filter((id) => typeof id === 'string') : [];
  return wish === 'all' || wish === 'used' ? { wish, used: ids } : { ...CHOICES, used: ids };
}

/** @type {Record<string, string>} */
const TYPES = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  md: 'text/markdown; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
};

/** The type of a file by its name: a server that does not know `.wasm` must not slow the page down for good. @param {string} path */
export const typeOf = (path) => TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';

/** What is wrong with a file that came; null if it is the one that is listed. @param {Listed} file @param {number} bytes @param {string} sha256 */
export function wrong([path, size, hash], bytes, sha256) {
  if (bytes !== size) return `${path}: ${bytes} of ${size} bytes`;
  return sha256 === hash ? null : `${path}: not what the release holds`;
}
