/** Labels without a worker and without an engine: of what the engine's `Painter` does, as much as the tests of the page's side need. */

import { there } from './there.mjs';

/**
 * @typedef {import('../../www/labels/client.js').Labels} Labels
 * @typedef {import('../../pkg/insitu.js').Outcome} Outcome
 * @typedef {{ [K in keyof Labels]?: (...args: Parameters<Labels[K]>) => Awaited<ReturnType<Labels[K]>> }} AtOnce its methods, without a wait
 * @typedef {{ calls: [string, ...unknown[]][], die: (cause: string) => void }} Told what was called, and what ends the worker
 *
 * @typedef {{ width: number, height: number, slices: number, planes: Map<number, Uint8Array> }} Doc
 * @typedef {{ doc: number, slice: number }} Place
 * @typedef {Place & { before: Uint8Array }} Step
 */

/** @param {{ onDied?: (cause: string) => void }} [options] @returns {Promise<Labels & Told>} */
export async function openLabels({ onDied = () => {} } = {}) {
  /** @type {Map<number, Doc>} */
  const docs = new Map();
  const done = /** @type {Step[]} */ ([]);
  let classes = /** @type {Outcome['classes']} */ ([]);
  let undone = /** @type {Step[]} */ ([]);
  let open = /** @type {Step[]} */ ([]);
  const calls = /** @type {Told['calls']} */ ([]);
  const known = (/** @type {number} */ doc) => there(docs.get(doc));
  /** @param {number} doc @param {number} slice */
  const plane = (doc, slice) => {
    const { planes, width, height } = known(doc);
    const values = planes.get(slice) ?? new Uint8Array(width * height).fill(255);
    planes.set(slice, values);
    return values;
  };
  /** @param {number} doc @param {number} slice */
  const whole = (doc, slice) => {
    const { width, height } = known(doc);
    return { doc, slice, x: 0, y: 0, width, height, values: plane(doc, slice).slice() };
  };
  const count = (/** @type {Uint8Array} */ values) => {
    const counts = Array(classes.length + 1).fill(0);
    for (const value of values) if (value !== 255) counts[value]++;
    return counts;
  };
  /** @param {Place[]} places @returns {Outcome} */
  const outcome = (places) => {
    const labelled = [...docs]
      .flatMap(([doc, { planes }]) => [...planes].map(([slice, values]) => ({ doc, slice, counts: count(values) })))
      .filter(({ counts }) => counts.some((n) => n > 0));
    const counts = labelled.reduce(
      (sum, { counts }) => sum.map((n, i) => n + counts[i]),
      Array(classes.length + 1).fill(0),
    );
    return {
      pieces: places.map(({ doc, slice }) => whole(doc, slice)),
      at: places[0] ?? null,
      classes,
      steps: { undo: done.length, redo: undone.length },
      counts,
      labelled,
    };
  };
  /** @param {number} doc @param {number} slice @param {(values: Uint8Array, doc: Doc) => void} change */
  const command = (doc, slice, change) => {
    const before = plane(doc, slice).slice();
    change(plane(doc, slice), known(doc));
    done.push({ doc, slice, before });
    undone = [];
    return outcome([{ doc, slice }]);
  };
  /** @param {Step[]} from @param {Step[]} to */
  const step = (from, to) => {
    const last = from.pop();
    if (!last) return outcome([]);
    to.push({ ...last, before: plane(last.doc, last.slice).slice() });
    plane(last.doc, last.slice).set(last.before);
    return outcome([last]);
  };
  /** @type {AtOnce & Told} */
  const labels = {
    calls,
    die: onDied,
    add: (doc, width, height, slices) => (docs.set(doc, { width, height, slices, planes: new Map() }), outcome([])),
    remove: (doc) => (docs.delete(doc), outcome([])),
    image: () => {},
    begin: () => void (open = []),
    brush(doc, slice, x, y, radius, toX, toY, toRadius, value) {
      const [from, to] = [
        { x, y, radius },
        { x: toX, y: toY, radius: toRadius },
      ];
      const { width, height } = known(doc);
      const values = plane(doc, slice);
      if (!open.some((one) => one.doc === doc && one.slice === slice))
        open.push({ doc, slice, before: values.slice() });
      const x0 = Math.max(0, Math.floor(Math.min(from.x, to.x) - to.radius));
      const x1 = Math.min(width, Math.ceil(Math.max(from.x, to.x) + to.radius));
      const y0 = Math.max(0, Math.floor(Math.min(from.y, to.y) - to.radius));
      const y1 = Math.min(height, Math.ceil(Math.max(from.y, to.y) + to.radius));
      if (x1 <= x0 || y1 <= y0) return undefined;
      const piece = {
        doc,
        slice,
        x: x0,
        y: y0,
        width: x1 - x0,
        height: y1 - y0,
        values: new Uint8Array((x1 - x0) * (y1 - y0)),
      };
      const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          const along = Math.min(
            Math.max(((x + 0.5 - from.x) * (to.x - from.x) + (y + 0.5 - from.y) * (to.y - from.y)) / length ** 2, 0),
            1,
          );
          if (
            Math.hypot(x + 0.5 - from.x - along * (to.x - from.x), y + 0.5 - from.y - along * (to.y - from.y)) <=
            to.radius
          )
            values[y * width + x] = value;
          piece.values[(y - y0) * piece.width + x - x0] = values[y * width + x];
        }
      }
      return piece;
    },
    end() {
      const places = open;
      open = [];
      done.push(...places);
      if (places.length > 0) undone = [];
      return outcome(places);
    },
    cancel() {
      for (const { doc, slice, before } of open) plane(doc, slice).set(before);
      const places = open;
      open = [];
      return outcome(places);
    },
    polygon: (doc, slice, points, value) =>
      command(doc, slice, (values, { width, height }) => {
        const xs = points.filter((_, i) => i % 2 === 0),
          ys = points.filter((_, i) => i % 2 === 1);
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            let inside = false;
            for (let i = 0, j = xs.length - 1; i < xs.length; j = i++)
              if (
                ys[i] > y + 0.5 !== ys[j] > y + 0.5 &&
                x + 0.5 < ((xs[j] - xs[i]) * (y + 0.5 - ys[i])) / (ys[j] - ys[i]) + xs[i]
              )
                inside = !inside;
            if (inside) values[y * width + x] = value;
          }
      }),
    accept: (doc, slice, _where, labels) => command(doc, slice, (values) => values.set(labels)),
    fillRest: (doc, slice, value) =>
      command(doc, slice, (values) => values.forEach((old, i) => old === 255 && (values[i] = value))),
    clear: (doc, slice) => command(doc, slice, (values) => values.fill(255)),
    addClass: (name, colour) => ((classes = [...classes, { name, colour: colour ?? '#56b4e9' }]), outcome([])),
    renameClass: (value, name) => (
      (classes = classes.map((one, i) => (i === value - 1 ? { ...one, name } : one))),
      outcome([])
    ),
    setClasses: (given) => ((classes = given), outcome([])),
    undo: () => step(done, undone),
    redo: () => step(undone, done),
    read: (doc, slice) => plane(doc, slice).slice(),
    pieces: (doc, slice) => (known(doc).planes.has(slice) ? [whole(doc, slice)] : []),
    store: (doc) =>
      new TextEncoder().encode(
        JSON.stringify({
          ...known(doc),
          classes,
          planes: [...known(doc).planes].map(([slice, values]) => [slice, [...values]]),
        }),
      ),
    restore(doc, bytes) {
      const { planes, classes: named, ...shape } = JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes)));
      classes = named;
      const read = (/** @type {[number, number[]]} */ [slice, values]) => [slice, Uint8Array.from(values)];
      docs.set(doc, { ...shape, planes: new Map(planes.map(read)) });
      return outcome([]);
    },
    storeOrder: () => new Uint8Array(1),
    restoreOrder: () => outcome([]),
    close() {},
  };
  const proxy = new Proxy(labels, {
    get(target, /** @type {string} */ name) {
      const found = Reflect.get(target, name);
      if (typeof found !== 'function' || name === 'die' || name === 'close') return found;
      return async (/** @type {unknown[]} */ ...args) => {
        calls.push([name, ...args]);
        return found.apply(target, args);
      };
    },
  });
  return /** @type {Labels & Told} */ (/** @type {unknown} */ (proxy));
}
