/** WebDriver BiDi (W3C) over a WebSocket: what Chromium's driver and Firefox both speak. */
import WebSocket from 'ws';

/** @typedef {import('../browsers.mjs').Raw} Raw */

/** A connection to a browser. @param {string} url of its WebSocket */
export async function connect(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 1 << 29 });
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void, method: string }>} */
  const waiting = new Map();
  /** @type {((method: string, params: any) => void)[]} */
  const listeners = [];
  let next = 1;
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('message', (/** @type {Buffer} */ data) => {
    const { id, method, params, result, error, message } = JSON.parse(data.toString());
    const call = waiting.get(id);
    if (!call) return listeners.forEach((listener) => listener(method, params));
    waiting.delete(id);
    if (error) call.reject(new Error(`${call.method}: ${error}: ${message}`));
    else call.resolve(result);
  });
  socket.on('close', () => {
    for (const { reject, method } of waiting.values()) reject(new Error(`${method}: the browser has gone`));
    waiting.clear();
  });
  return {
    /** @param {string} method @param {object} [params] @returns {Promise<any>} */
    call: (method, params = {}) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) return reject(new Error(`${method}: the browser has gone`));
        waiting.set(next, { resolve, reject, method });
        socket.send(JSON.stringify({ id: next++, method, params }));
      }),
    /** @param {(method: string, params: any) => void} listener */
    on: (listener) => void listeners.push(listener),
    close: () => socket.terminate(),
  };
}

/** Asks for what the tabs hear of. @param {Awaited<ReturnType<typeof connect>>} wire */
export const listen = (wire) =>
  wire.call('session.subscribe', { events: ['log.entryAdded', 'network.beforeRequestSent'] });

/** @param {Awaited<ReturnType<typeof connect>>} wire @returns {Promise<Raw>} */
export async function bidiTab(wire) {
  const { context } = await wire.call('browsingContext.create', { type: 'tab' });
  /** @type {string[]} */
  const errors = [];
  /** @type {string[]} */
  const requests = [];
  wire.on((method, params) => {
    const from = params?.source?.context ?? params?.context;
    // A worker's words have no context; there is one page at a time that could have said them.
    if (method === 'log.entryAdded' && params.level === 'error' && (from ?? context) === context)
      errors.push(`${params.text} ${params.source?.realm && params.stackTrace?.callFrames?.[0]?.url}`);
    if (method === 'network.beforeRequestSent' && from === context) requests.push(params.request.url);
  });
  const target = { context };
  return {
    go: (url) => wire.call('browsingContext.navigate', { context, url, wait: 'complete' }),
    reload: () => wire.call('browsingContext.reload', { context, wait: 'complete' }),
    async evaluate(source, args) {
      const { type, result, exceptionDetails } = await wire.call('script.callFunction', {
        functionDeclaration: `async (given) => JSON.stringify(await (${source})(...JSON.parse(given)))`,
        arguments: [{ type: 'string', value: JSON.stringify(args) }],
        awaitPromise: true,
        target,
      });
      if (type === 'exception') throw new Error(`in the page: ${exceptionDetails.text}`);
      return result.type === 'string' ? JSON.parse(result.value) : undefined;
    },
    perform: (actions) => wire.call('input.performActions', { context, actions }),
    async screenshot() {
      const { data } = await wire.call('browsingContext.captureScreenshot', { context });
      return Buffer.from(data, 'base64');
    },
    resize: (width, height) => wire.call('browsingContext.setViewport', { context, viewport: { width, height } }),
    errors: async () => errors,
    requests: () => requests,
    close: () => wire.call('browsingContext.close', { context }),
  };
}
