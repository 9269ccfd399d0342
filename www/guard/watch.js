/** Every request since the page was opened, of the page and of its workers, counted by the browser's own record (Resource Timing). */

/**
 * @typedef {object} Request
 * @property {string} address
 * @property {number} bytes that came over the network, 0 from a cache
 * @property {string} where the page, or a file of a worker
 */

/** @type {any} */
const scope = globalThis;
/** Of the page and its workers. @type {Request[]} */
const requests = [];
const inPage = typeof scope.document !== 'undefined';
const page = 'page';

/** What the policy refused: the browser's record names these, too, though nothing was sent. @type {Set<string>} */
const refused = new Set();

/** @param {Request[]} more @param {string[]} [refusals] addresses */
function took(more, refusals = []) {
  if (inPage) {
    requests.push(...more);
    refusals.forEach((address) => refused.add(address));
  }
  // A worker tells at once, so that nothing is lost when it ends.
  else scope.postMessage?.({ guardRequests: more, guardRefused: refusals });
}

/** Starts counting; also what was asked for before. */
export function watch() {
  if (typeof PerformanceObserver === 'undefined' || (!inPage && !scope.postMessage)) return;
  try {
    performance.setResourceTimingBufferSize?.(5000);
  } catch {
    // Then those beyond are only seen as they come.
  }
  const observer = new PerformanceObserver((list) =>
    took(
      /** @type {PerformanceResourceTiming[]} */ (list.getEntries()).map(({ name, transferSize }) => ({
        ...{ address: name, bytes: transferSize ?? 0 },
        where: inPage ? page : '',
      })),
    ),
  );
  scope.addEventListener?.('securitypolicyviolation', (/** @type {SecurityPolicyViolationEvent} */ { blockedURI }) =>
    took([], [blockedURI]),
  );
  for (const type of inPage ? ['navigation', 'resource'] : ['resource']) observer.observe({ type, buffered: true });
}

/** What a worker told; false: it said something else. @param {any} data @param {string} file of the worker */
export function heard(data, file) {
  if (!data?.guardRequests) return false;
  const from = (/** @type {Request} */ request) => ({ ...request, where: request.where || file });
  took(data.guardRequests.map(from), data.guardRefused);
  return true;
}

/** How long a service worker is waited for, ms. */
const PATIENCE = 800;

/**
 * What a service worker asked for, if one stands between the page and the network: it answers `{ guardRequests: true }` on the port with a list.
 * @returns {Promise<Request[] | 'none' | 'silent'>}
 */
export function ofServiceWorker() {
  const worker = scope.navigator?.serviceWorker?.controller;
  if (!worker) return Promise.resolve('none');
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    setTimeout(() => resolve('silent'), PATIENCE);
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage({ guardRequests: true }, [port2]);
  });
}

/**
 * @typedef {object} Counts
 * @property {number} own requests to where the page came from
 * @property {number} bytes of these
 * @property {number} others requests to anywhere else
 * @property {number} refused attempts to ask elsewhere that the policy stopped: nothing was sent
 * @property {{ address: string, count: number, bytes: number, own: boolean, where: string[] }[]} list by address
 */

/**
 * @param {Request[]} all @param {Set<string>} refused addresses that the policy refused @param {string} origin the page's own @returns {Counts}
 */
export function counted(all, refused, origin) {
  /** @type {Map<string, Counts['list'][number]>} */
  const list = new Map();
  const counts = { own: 0, bytes: 0, others: 0, refused: 0 };
  for (const { address, bytes, where } of all) {
    const url = new URL(address);
    // What a page reads from its own memory is no request.
    if (['blob:', 'data:', 'about:'].includes(url.protocol)) continue;
    const own = url.origin === origin;
    if (!own && bytes === 0 && refused.has(address)) {
      counts.refused += 1;
      continue;
    }
    const shown = own ? url.pathname : `${url.origin}${url.pathname}`;
    const row = list.get(shown) ?? { address: shown, count: 0, bytes: 0, own, where: [] };
    row.count += 1;
    row.bytes += bytes;
    if (!row.where.includes(where)) row.where.push(where);
    list.set(shown, row);
    if (own) [counts.own, counts.bytes] = [counts.own + 1, counts.bytes + bytes];
    else counts.others += 1;
  }
  return { ...counts, list: [...list.values()].sort((a, b) => Number(a.own) - Number(b.own) || b.bytes - a.bytes) };
}

/** Of the page and its workers so far. */
export const soFar = () => counted(requests, refused, scope.location.origin);
