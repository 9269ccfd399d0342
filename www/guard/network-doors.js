/** Doors that pages and workers have: each of them asks the network for something, or sends to it. */
import { Ruled, SENT } from './attempt.js';

/** The byte that is to get out. */
const BODY = new Uint8Array([73]);
/** A module that needs no network: nothing but a policy keeps it out. */
const HARMLESS = 'data:text/javascript,';
/** @type {any} */
const scope = globalThis;

const sent = async (/** @type {Promise<unknown>} */ answer) => {
  await answer;
  return SENT;
};

/** When one of these events comes, it went through or it did not. @param {EventTarget} source @param {string} good @param {string} bad */
const heard = (source, good, bad) =>
  new Promise((resolve, reject) => {
    source.addEventListener(good, () => resolve(SENT));
    source.addEventListener(bad, () => reject(new Error(bad)));
  });

/** Loads code. Workers are not told everywhere that the policy refused it; a module that needs no network then shows whether it does. @param {string} address */
async function loaded(address) {
  const failed = await import(address).then(
    () => null,
    (error) => error,
  );
  if (!failed) return SENT;
  await import(HARMLESS).catch(() => Promise.reject(new Ruled('script-src')));
  throw failed;
}

/** A worker from text, ended when it spoke. @param {string} address of its script @param {boolean} [module] */
function fromText(address, module = true) {
  const worker = new Worker(address, module ? { type: 'module' } : {});
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      worker.terminate();
      if (data === 'sent') resolve(SENT);
      else reject(Object.assign(new Error(data), { name: data }));
    };
    worker.onerror = () => reject(new Error('error'));
  });
}

/** @param {string} address */
const fetching = (address) =>
  `fetch(${JSON.stringify(address)}, { mode: 'no-cors' }).then(() => postMessage('sent'), (error) => postMessage(error.name));`;

const blob = (/** @type {string} */ text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));

/** @type {import('./attempt.js').Door[]} */
export const network = [
  { id: 'fetch-get', attempt: (address) => sent(fetch(address)) },
  { id: 'fetch-post', attempt: (address) => sent(fetch(address, { method: 'POST', body: BODY })) },
  { id: 'fetch-no-cors', attempt: (address) => sent(fetch(address, { method: 'POST', mode: 'no-cors', body: BODY })) },
  {
    id: 'fetch-keepalive',
    attempt: (address) => sent(fetch(address, { method: 'POST', mode: 'no-cors', keepalive: true, body: BODY })),
  },
  {
    id: 'xhr',
    attempt(address) {
      const request = new XMLHttpRequest();
      request.open('POST', address);
      request.send(BODY);
      return heard(request, 'load', 'error');
    },
  },
  {
    id: 'websocket',
    attempt: (address) => heard(new WebSocket(address.replace(/^http/, 'ws')), 'open', 'error'),
  },
  {
    id: 'eventsource',
    there: () => typeof scope.EventSource === 'function',
    attempt: (address) => heard(new EventSource(address), 'open', 'error'),
  },
  {
    id: 'webtransport',
    there: () => typeof scope.WebTransport === 'function',
    attempt: (address) => sent(new scope.WebTransport(address.replace(/^http:/, 'https:')).ready),
  },
  { id: 'import', attempt: loaded },
  {
    id: 'worker-address',
    there: () => typeof scope.Worker === 'function',
    attempt: (address) => fromText(address),
  },
  {
    id: 'worker-blob',
    there: () => typeof scope.Worker === 'function',
    attempt: (address) => fromText(blob(fetching(address))),
  },
  {
    id: 'worker-data',
    there: () => typeof scope.Worker === 'function',
    attempt: (address) => fromText(`data:text/javascript,${encodeURIComponent(fetching(address))}`),
  },
  {
    id: 'import-scripts',
    there: () => typeof scope.Worker === 'function',
    attempt: (address) =>
      fromText(
        blob(
          `try { importScripts(${JSON.stringify(address)}); postMessage('sent'); } catch (error) { postMessage(error.name); }`,
        ),
        false,
      ),
  },
];
