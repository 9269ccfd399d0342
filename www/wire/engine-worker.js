/**
 * The worker that owns the engine. Calls run side by side: a picture asked for during a segmentation comes after the tile in work,
 * not after the last one.
 */
import '../guard/guard.js';
import { Lru } from '../lru.js';
import { heat } from '../pictures/heat.js';
import { halve, maskLayers, pictureLayer } from '../pictures/layers.js';
import { upright } from '../pictures/planes.js';
import { suggest } from '../pictures/suggestion.js';
import { laid } from './bundle.js';
import { gpuFacts } from './facts.js';
import { failure } from './failure.js';
import { Helpers } from './helpers.js';
import { grouped, opened } from './series.js';
import { depthOf, windowOf } from './slices.js';
import { compiledModule, died, loadModule, serve, tell } from './worker-shell.js';

/**
 * @typedef {import('../../pkg/insitu.js').Engine} Engine
 * @typedef {import('../../pkg/insitu.js').ScanRecord} ScanRecord
 * @typedef {import('../../pkg/insitu.js').MaskRecord} MaskRecord
 * @typedef {import('./worker-shell.js').Call} Call
 * @typedef {import('../pictures/layers.js').Layer} Layer
 * @typedef {{ center: number, width: number }} Window
 * @typedef {{ labels: Uint8Array, width: number, height: number }} MaskLabels
 */

/** Methods of the engine that the page calls as they are. */
const DIRECT = /** @type {const} */ ([
  'areas',
  'augmented',
  'codesOf',
  'correctObjects',
  'fileEnding',
  'filesBeside',
  'grey',
  'loadModel',
  'loadModelFiles',
  'marksOnto',
  'maskPng',
  'measurePieces',
  'measureVolume',
  'nameModel',
  'network',
  'objectsFile',
  'packAdd',
  'packBegin',
  'packEnd',
  'readTruth',
  'saveModel',
  'saveOnnx',
  'savePackage',
  'tilePlan',
  'trainAddPoint',
  'trainBegin',
  'trainEnd',
  'trainGoBack',
  'trainKeep',
  'trainLook',
  'trainPlan',
  'trainPoint',
  'trainRestore',
  'trainState',
  'trainStep',
  'trainUse',
  'valueAt',
  'volumeFile',
]);

/** Those that can be cancelled and tell how far they are: the page leaves their last argument out. */
const LONG = /** @type {const} */ (['featureMaps', 'slidingWindow', 'trainValidate']);

/** @type {Engine | null} */
let engine = null;
/** @type {Map<number, ScanRecord>} */
const scans = new Map();
/** Labels of the latest masks, so that painting them needs no copy from the page: eight, fewer if they are large. @type {Lru<number, MaskLabels>} */
const masks = new Lru(64e6, ({ labels }) => Math.max(labels.length, 8e6));
let lastMask = 0;
const helpers = new Helpers(() => compiledModule());

function running() {
  if (!engine) throw failure('engine.absent', 'invalid', 'The engine has not been started.');
  return engine;
}

/** @param {number} id */
function scanOf(id) {
  const scan = scans.get(id);
  if (!scan) throw failure('scan.closed', 'invalid', 'This image is no longer open; open it again.');
  return scan;
}

/** Largest side of a picture of weights, pixels. */
const HEAT = 1024;

/** What the page can ask for besides. */
const own = {
  /** @param {Call} call @param {string} kind @param {number} cores at most @param {import('./arriving.js').Size | null} size of the engine, if it is to be told how much of it has come */
  async create(call, kind, cores, size) {
    helpers.limit = cores - 1;
    const code = await loadModule(null, size && { size, tell: call.onProgress });
    const facts = await gpuFacts();
    engine = await code.Engine.create(kind, facts, (status) => {
      if (status.code === 'engine.panic') died(status.message);
      else tell({ status });
    });
    return { device: engine.device(), facts, constants: code.Engine.constants() };
  },

  /** @param {Call} _call */
  diagnostics(_call) {
    return { ...running().diagnostics(), helpers: helpers.running };
  },

  /**
   * The files are read here, so that the page never holds their bytes.
   * @param {Call} call @param {Blob[]} files one, or several that are one image @param {string | null} name
   * @param {string[]} paths where they lie, as far as that is known
   */
  async openScan(call, files, name, paths) {
    files.forEach((file, i) => laid(file, paths[i]));
    const scan = await opened(running(), files, name, call);
    scans.set(scan.id, scan);
    return scan;
  },

  /** @param {Call} call @param {Blob[]} files @param {string[]} names */
  groupFiles(call, files, names) {
    return grouped(running(), files, names, call);
  },

  /** @param {Call} _call @param {number} id */
  closeScan(_call, id) {
    scans.delete(id);
    running().closeScan(id);
  },

  /** @param {Call} _call @param {number} id @param {number} slice @param {Window} [window] its own if there is none */
  render(_call, id, slice, window) {
    const { width, height } = scanOf(id);
    const { center, width: span } = window ?? windowOf(scanOf(id), slice);
    return new ImageData(running().render(id, slice, center, span), width, height);
  },

  /** @param {Call} _call @param {number} id @param {number} slice @param {Window} [window] its own if there is none @param {import('../api.d.ts').Look} [look] @param {import('../../pkg/insitu.js').TintRecord[]} [mix] */
  picture(_call, id, slice, window, look, mix) {
    const scan = scanOf(id);
    const { center, width } = window ?? windowOf(scan, slice);
    if (!look) {
      const engine = running();
      const rgba = mix ? engine.mixed(id, slice, { channels: mix }) : engine.render(id, slice, center, width);
      return pictureLayer(rgba, scan.width, scan.height);
    }
    const place = { axis: 2, index: depthOf(scan, slice), slice, center, width, neurological: false, mix };
    return pictureLayer(upright(running().plane(id, { ...place, ...look })), scan.width, scan.height);
  },

  /** @param {Call} _call @param {number} id @param {import('../../pkg/insitu.js').PlaneRequest} request */
  async plane(_call, id, request) {
    const { pixels, ...plane } = running().plane(id, request);
    return { ...plane, picture: await createImageBitmap(new ImageData(pixels, plane.width, plane.height)) };
  },

  /** @param {Call} _call @param {number} id @param {number} slice @param {number} size */
  thumbnail(_call, id, slice, size) {
    const scan = scanOf(id);
    const window = windowOf(scan, slice);
    let level = {
      rgba: running().render(id, slice, window.center, window.width),
      width: scan.width,
      height: scan.height,
    };
    while (Math.max(level.width, level.height) > 2 * size) level = halve(level.rgba, level.width, level.height);
    return createImageBitmap(new ImageData(level.rgba, level.width, level.height));
  },

  /** @param {Call} _call @param {number} id @param {number} slice @param {string[]} known */
  suggest(_call, id, slice, known) {
    const scan = scanOf(id);
    const window = windowOf(scan, slice);
    const rgba = running().render(id, slice, window.center, window.width);
    return suggest(rgba, scan.width, scan.height, scan, known);
  },

  /** @param {Call} call @param {number} id @param {number} slice @param {number | undefined} threshold @param {number} head @param {string} [along] */
  async segment(call, id, slice, threshold, head, along) {
    const complete = (/** @type {MaskRecord} */ mask) => {
      const { labels, width, height } = mask;
      const areas = running().areas(labels, mask.classes);
      masks.put(++lastMask, { labels: labels.slice(), width, height });
      return { ...mask, areas, key: lastMask };
    };
    const { tellFirst } = call;
    let early = 0;
    const first = (/** @type {MaskRecord} */ mask) => {
      const completed = complete(mask);
      early = completed.key;
      tellFirst?.(completed);
    };
    const told = tellFirst && first;
    const mask = await running().segment(id, slice, threshold, 0, head, call.onProgress, helpers, told, along);
    masks.delete(early);
    return complete(mask);
  },

  /** @param {Call} call @param {number} id @param {number} slice @param {string} along @param {number} head */
  segmentPlane(call, id, slice, along, head) {
    return running().segmentPlane(id, slice, along, head, call.onProgress, helpers);
  },

  /**
   * @param {Call} call @param {number} id @param {number} slice @param {number | undefined} threshold @param {number} head
   * @param {import('../../pkg/insitu.js').ObjectSettings} settings @param {number} tintCount @param {string} [along]
   */
  async objects(call, id, slice, threshold, head, settings, tintCount, along) {
    const { tints, ...found } = await running().objects(
      id,
      slice,
      threshold,
      head,
      settings,
      tintCount,
      call.onProgress,
      along,
    );
    masks.put(++lastMask, { labels: tints.slice(), width: found.width, height: found.height });
    return { ...found, labels: tints, key: lastMask };
  },

  /**
   * @param {Call} call @param {number} id @param {number} slice @param {number | undefined} threshold @param {number} head
   * @param {import('../../pkg/insitu.js').TruthGiven} truth @param {string} [along]
   */
  async score(call, id, slice, threshold, head, truth, along) {
    const { difference, ...scores } = await running().score(id, slice, threshold, head, truth, call.onProgress, along);
    masks.put(++lastMask, { labels: difference.slice(), width: scores.width, height: scores.height });
    return { ...scores, labels: difference, key: lastMask };
  },

  /**
   * Without labels those of a mask that `segment` gave; nothing if they are no longer here: then the page sends them along.
   * @param {Call} _call @param {number} key @param {MaskLabels | null} given @param {(string | null)[]} colours
   */
  async overlay(_call, key, given, colours) {
    const mask = given ?? masks.get(key);
    return mask ? maskLayers(mask.labels, mask.width, mask.height, colours) : null;
  },

  /** @param {Call} call @param {number} id @param {number} slice @param {number | undefined} threshold @param {number} head */
  async weightMap(call, id, slice, threshold, head) {
    const map = await running().weightMap(id, slice, threshold, head, call.onProgress);
    const { rgba, width, height } = heat(map.weights, map.width, map.height, map.w0, HEAT);
    return { ...map, picture: await createImageBitmap(new ImageData(rgba, width, height)) };
  },
};

/**
 * @template {(...args: any[]) => any} F
 * @typedef {Parameters<F> extends [any, ...infer A] ? (...args: A) => ReturnType<F> : never} WithoutFirst
 */
/**
 * @template {(...args: any[]) => any} F
 * @typedef {Required<Parameters<F>> extends [...infer A, any] ? (...args: A) => ReturnType<F> : never} WithoutLast
 */
/**
 * What the page can ask for, with the types that it has here and in Rust.
 * @typedef {{ [M in typeof DIRECT[number]]: Engine[M] }
 *   & { [M in typeof LONG[number]]: WithoutLast<Engine[M]> }
 *   & { [M in keyof typeof own]: WithoutFirst<typeof own[M]> }} EngineMethods
 */

serve((call, method, args) => {
  if (Object.hasOwn(own, method)) return /** @type {any} */ (own)[method](call, ...args);
  const last = /** @type {readonly string[]} */ (LONG).includes(method) ? [call.onProgress] : [];
  if (last.length === 0 && !(/** @type {readonly string[]} */ (DIRECT).includes(method))) {
    throw failure('engine.unexpected', 'invalid', '', `There is no ${method}.`);
  }
  return /** @type {any} */ (running())[method](...args, ...last);
});
