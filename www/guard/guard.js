/**
 * Imported first by the page and by each of its workers: closes the doors to other addresses that the security policy of the page
 * cannot close, and counts every request from the start. It stops what is done by mistake; foreign scripts are kept out by the policy.
 */
import { answerPage } from './answer.js';
import { FRAMES, isHint, isOwn, Refused } from './own.js';
import { isBootstrap } from './workers.js';
import { watch } from './watch.js';

/** @type {any} */
const scope = globalThis;
const here = scope.location?.href ?? 'about:blank';
const own = (/** @type {string | URL} */ address) => isOwn(address, scope.document?.baseURI ?? here);

/** Puts a function in front of one that is there. @param {any} holder @param {string} name @param {(self: any, args: any[]) => void} check throws, or lets pass */
function before(holder, name, check) {
  const original = holder?.[name];
  if (typeof original !== 'function') return;
  holder[name] = function (/** @type {any[]} */ ...args) {
    check(this, args);
    return original.apply(this, args);
  };
}

/** The same of a class. @param {string} name @param {(args: any[]) => void} check */
function beforeNew(name, check) {
  const original = scope[name];
  if (typeof original !== 'function') return;
  scope[name] = new Proxy(original, {
    construct(target, args, self) {
      check(args);
      return Reflect.construct(target, args, self);
    },
  });
}

/** @param {string} door @param {any} address */
function only(door, address) {
  const text = address instanceof scope.Request ? address.url : address;
  // Sockets have a scheme of their own.
  if (text !== undefined && !own(String(text).replace(/^ws/i, 'http'))) throw new Refused(door, text);
}

/** Only a file of this page becomes a script, or a line that imports one. @param {unknown} address */
function script(address) {
  const text = String(address);
  const { protocol } = new URL(text, scope.document?.baseURI ?? here);
  if (protocol === 'blob:' || protocol === 'data:' ? !isBootstrap(text) : !own(text)) throw new Refused('script', text);
  return text;
}

/** Scripts come from this page alone; text never becomes a script or markup. */
function trusted() {
  try {
    scope.trustedTypes?.createPolicy('default', { createScriptURL: script });
  } catch {
    // In the page of somebody else theirs holds.
  }
  // Not every browser has such types.
  for (const name of ['Worker', 'SharedWorker']) beforeNew(name, ([address]) => script(address));
}

function guardPage() {
  // A script that leads this tab elsewhere; what a person types or clicks on is theirs.
  scope.navigation?.addEventListener('navigate', (/** @type {any} */ event) => {
    if (event.cancelable && !own(event.destination.url)) event.preventDefault();
  });
  // No other windows, inside or outside: the page needs none, and an empty one comes without a guard.
  before(scope, 'open', (_, [url = '']) => {
    throw new Refused('window', url);
  });
  const frame = (/** @type {unknown} */ name) => {
    const tag = String(name).toLowerCase().split(':').pop() ?? '';
    if (FRAMES.includes(tag)) throw new Refused(tag, '');
  };
  before(Document.prototype, 'createElement', (_, [name]) => frame(name));
  before(Document.prototype, 'createElementNS', (_, [, name]) => frame(name));
  const pressed = (/** @type {any} */ target) => {
    const link = target instanceof Element ? target.closest('a[href], area[href]') : null;
    if (!link) return;
    only('link', /** @type {HTMLAnchorElement} */ (link).href);
    // What a browser tells others of a link that is pressed.
    for (const address of (link.getAttribute('ping') ?? '').split(/\s+/)) only('ping', address);
  };
  before(scope.Worklet?.prototype, 'addModule', (_, [address]) => only('worklet', address));
  before(HTMLElement.prototype, 'click', (self) => pressed(self));
  before(EventTarget.prototype, 'dispatchEvent', (self, [event]) => event?.type === 'click' && pressed(self));
  // Peers are called around every policy; the directive `webrtc` of the standard's draft is known to no browser yet.
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection'])
    beforeNew(name, () => {
      throw new Refused('WebRTC', '');
    });
  const hints = (/** @type {any} */ link, /** @type {{ rel?: string, href?: string }} */ next) => {
    const { rel = link.rel, href = link.href } = next;
    if (href && isHint(rel)) only('hint', href);
  };
  for (const name of /** @type {const} */ (['rel', 'href'])) {
    const property = Object.getOwnPropertyDescriptor(HTMLLinkElement.prototype, name);
    if (!property?.set) continue;
    const { set } = property;
    Object.defineProperty(HTMLLinkElement.prototype, name, {
      ...property,
      set(value) {
        hints(this, { [name]: String(value) });
        set.call(this, value);
      },
    });
  }
  before(Element.prototype, 'setAttribute', (self, [name, value]) => {
    if (self instanceof HTMLLinkElement) hints(self, { [String(name).toLowerCase()]: String(value) });
  });
}

/**
 * In front of the page's policy, which a worker does not have if it was not started from the page's memory. And where it has it, not every browser
 * asks it each time: Firefox 140 lets `EventSource` and `WebTransport` of workers through. WebKit refuses without a word that a check could hear.
 */
function guardWorker() {
  before(scope, 'fetch', (_, [address]) => only('fetch', address));
  before(scope.XMLHttpRequest?.prototype, 'open', (_, [, address]) => only('XMLHttpRequest', address));
  before(scope, 'importScripts', (_, list) => list.forEach((address) => only('importScripts', address)));
  for (const name of ['WebSocket', 'EventSource', 'WebTransport']) beforeNew(name, ([address]) => only(name, address));
}

trusted();
if (scope.document) guardPage();
else {
  guardWorker();
  answerPage();
}
watch();
