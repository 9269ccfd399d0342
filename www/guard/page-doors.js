/** The doors that only a page has: elements that fetch, windows, navigation, calls to peers. */
import { SENT, STOPPED, UNTRIED } from './attempt.js';

/** @typedef {import('./attempt.js').Door} Door */

/** @type {any} */
const scope = globalThis;

/** Puts something into the page for as long as it is tried, out of sight. @param {HTMLElement} element @param {Element} [into] */
function put(element, into = document.body) {
  // Not hidden: browsers load some things only where they are drawn.
  Object.assign(element.style, { position: 'fixed', left: '-9999px', width: '9px', height: '9px' });
  into.append(element);
  setTimeout(() => element.remove(), 2000);
}

/**
 * An element with properties, put into the page; its events tell whether it was loaded.
 * @param {string} tag @param {Record<string, string>} attributes @param {Element} [into]
 */
function element(tag, attributes, into) {
  const made = document.createElement(tag);
  const over = new Promise((resolve, reject) => {
    made.addEventListener('load', () => resolve(SENT));
    made.addEventListener('loadeddata', () => resolve(SENT));
    made.addEventListener('error', () => reject(new Error('error')));
  });
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  put(made, into);
  return over;
}

/** @param {string} rel @param {Record<string, string>} [more] @returns {Door['attempt']} */
const link =
  (rel, more = {}) =>
  (address) =>
    element('link', { rel, href: address, ...more }, document.head);

/**
 * Tries to lead this tab elsewhere, and stays: whatever the page's own guard does, the browser is told not to go.
 * @param {() => void} go @returns {Promise<unknown>}
 */
async function leaving(go) {
  const { navigation } = scope;
  // Without it nothing in a page can hold a tab back.
  if (!navigation) return UNTRIED;
  /** @type {symbol | undefined} */
  let end;
  const hold = (/** @type {any} */ event) => {
    end = event.defaultPrevented ? STOPPED : SENT;
    event.preventDefault();
  };
  navigation.addEventListener('navigate', hold);
  try {
    go();
    await new Promise((resolve) => setTimeout(resolve, 400));
    return end;
  } finally {
    navigation.removeEventListener('navigate', hold);
  }
}

/** @param {Record<string, string>} attributes */
function press(attributes) {
  const anchor = document.createElement('a');
  for (const [name, value] of Object.entries(attributes)) anchor.setAttribute(name, value);
  anchor.click();
}

/** @param {any} Peer the class @param {string} address */
async function call(Peer, address) {
  const { hostname, port } = new URL(address);
  const at = `${hostname}:${port || 3478}`;
  const urls = [`stun:${at}`, `turn:${at}?transport=tcp`];
  const peer = new Peer({ iceServers: [{ urls, username: 'insitu', credential: 'insitu' }] });
  try {
    peer.createDataChannel('insitu');
    await peer.setLocalDescription(await peer.createOffer());
    await new Promise((resolve) => setTimeout(resolve, 500));
  } finally {
    peer.close();
  }
}

/** A window within the page, empty and therefore without a guard of its own. @param {(inside: any) => unknown} use */
async function within(use) {
  const frame = document.createElement('iframe');
  put(frame);
  return use(frame.contentWindow);
}

/** @type {Door[]} */
export const inPage = [
  {
    id: 'beacon',
    attempt: (address) => (navigator.sendBeacon(address, 'I') ? undefined : Promise.reject(new Error('false'))),
  },
  {
    id: 'fetch-later',
    there: () => typeof scope.fetchLater === 'function',
    attempt: (address) => void scope.fetchLater(address, { activateAfter: 0 }),
  },
  {
    id: 'ping',
    async attempt(address) {
      const before = location.href;
      press({ href: '#', ping: address });
      history.replaceState(history.state, '', before);
    },
  },
  { id: 'image', attempt: (address) => element('img', { src: address }) },
  {
    id: 'svg',
    attempt(address) {
      const drawing = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      const image = document.createElementNS('http://www.w3.org/2000/svg', 'image');
      image.setAttribute('href', address);
      drawing.append(image);
      document.body.append(drawing);
      setTimeout(() => drawing.remove(), 1000);
    },
  },
  { id: 'audio', attempt: (address) => element('audio', { src: address, preload: 'auto' }) },
  { id: 'video', attempt: (address) => element('video', { src: address, preload: 'auto' }) },
  { id: 'poster', attempt: (address) => element('video', { poster: address }) },
  {
    id: 'css-background',
    attempt(address) {
      const box = document.createElement('p');
      box.style.backgroundImage = `url("${address}")`;
      document.body.append(box);
      box.getBoundingClientRect();
      setTimeout(() => box.remove(), 1000);
    },
  },
  {
    id: 'css-import',
    attempt(address) {
      const own = [...document.styleSheets].find((sheet) => sheet.href?.startsWith(location.origin));
      own?.insertRule(`@import url("${address}")`, 0);
      setTimeout(() => own?.deleteRule(0), 1000);
    },
  },
  {
    id: 'font',
    attempt: async (address) => {
      await new FontFace('insitu-try', `url("${address}")`).load();
      return SENT;
    },
  },
  { id: 'stylesheet', attempt: link('stylesheet') },
  { id: 'icon', attempt: link('icon') },
  { id: 'manifest', attempt: link('manifest') },
  { id: 'prefetch', attempt: link('prefetch') },
  { id: 'preload', attempt: link('preload', { as: 'image' }) },
  { id: 'modulepreload', attempt: link('modulepreload') },
  { id: 'dns-prefetch', attempt: link('dns-prefetch') },
  { id: 'preconnect', attempt: link('preconnect') },
  {
    id: 'speculation',
    there: () => Boolean(scope.HTMLScriptElement.supports?.('speculationrules')),
    attempt(address) {
      const rules = document.createElement('script');
      rules.type = 'speculationrules';
      rules.textContent = JSON.stringify({ prefetch: [{ source: 'list', urls: [address] }] });
      put(rules, document.head);
    },
  },
  { id: 'script', attempt: (address) => element('script', { src: address }, document.head) },
  {
    id: 'markup',
    attempt(address) {
      document.createElement('div').innerHTML = `<img src="${address}">`;
      return SENT;
    },
  },
  { id: 'iframe', attempt: (address) => element('iframe', { src: address }) },
  { id: 'object', attempt: (address) => element('object', { data: address }) },
  { id: 'embed', attempt: (address) => element('embed', { src: address }) },
  {
    id: 'form',
    attempt: (address) =>
      leaving(() => {
        const form = document.createElement('form');
        Object.assign(form, { method: 'post', action: address });
        put(form);
        form.submit();
      }),
  },
  {
    id: 'window-open',
    attempt(address) {
      const opened = window.open(address, '_blank', 'noopener');
      opened?.close();
      return SENT;
    },
  },
  {
    id: 'link-window',
    attempt(address) {
      press({ href: address, target: '_blank', rel: 'noopener' });
      return SENT;
    },
  },
  { id: 'link', attempt: (address) => leaving(() => press({ href: address })) },
  { id: 'download', attempt: (address) => leaving(() => press({ href: address, download: '' })) },
  { id: 'location', attempt: (address) => leaving(() => location.assign(address)) },
  {
    id: 'refresh',
    attempt: (address) =>
      leaving(() => {
        const meta = document.createElement('meta');
        meta.setAttribute('http-equiv', 'refresh');
        meta.setAttribute('content', `0;url=${address}`);
        put(meta, document.head);
      }),
  },
  {
    id: 'webrtc',
    there: () => 'RTCPeerConnection' in scope,
    attempt: (address) => call(scope.RTCPeerConnection, address),
  },
  {
    id: 'frame-webrtc',
    there: () => 'RTCPeerConnection' in scope,
    attempt: (address) => within((inside) => call(inside.RTCPeerConnection, address)),
  },
  {
    id: 'frame-fetch',
    attempt: (address) => within((inside) => inside.fetch(address, { mode: 'no-cors' })),
  },
  {
    id: 'worklet',
    there: () => typeof scope.OfflineAudioContext === 'function' && scope.isSecureContext,
    attempt: async (address) => {
      await new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule(address);
      return SENT;
    },
  },
  {
    id: 'shared-worker',
    there: () => typeof scope.SharedWorker === 'function',
    attempt: (address) =>
      new Promise((_, reject) => {
        new SharedWorker(address).onerror = () => reject(new Error('error'));
      }),
  },
  {
    id: 'payment',
    there: () => typeof scope.PaymentRequest === 'function',
    attempt: (address) =>
      new scope.PaymentRequest([{ supportedMethods: address }], {
        total: { label: 'I', amount: { currency: 'EUR', value: '1' } },
      }).canMakePayment(),
  },
  {
    id: 'service-worker',
    there: () => 'serviceWorker' in navigator,
    attempt: async (address) => {
      await navigator.serviceWorker.register(address);
      return SENT;
    },
  },
];
