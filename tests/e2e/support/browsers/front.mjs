/**
 * A server in front of the project's own, for what that is not for: it can be reached under the address of the machine,
 * where browsers treat plain http as such; it lays a script into the page that notes errors, for a browser whose driver
 * tells none; and it has a page that shows another one in a frame as small as a phone.
 */
import { createServer, request } from 'node:http';
import { networkInterfaces } from 'node:os';

const NOTES = `window.insituErrors = [];
addEventListener('error', (event) => insituErrors.push(String(event.message)));
addEventListener('unhandledrejection', (event) => insituErrors.push(String(event.reason)));
addEventListener('securitypolicyviolation', (event) => insituErrors.push('security policy: ' + event.violatedDirective));
const said = console.error;
console.error = (...words) => { insituErrors.push(words.map(String).join(' ')); said(...words); };
`;
const FRAME = `const [width, height] = new URLSearchParams(location.search).get('size').split('x');
const frame = document.createElement('iframe');
Object.assign(frame, { width, height, src: new URLSearchParams(location.search).get('to') });
Object.assign(frame.style, { border: 0, position: 'absolute', top: 0, left: 0 });
document.body.append(frame);
`;
/** @type {Record<string, [type: string, text: string]>} */
const OWN = {
  '/notes.js': ['text/javascript', NOTES],
  '/frame.js': ['text/javascript', FRAME],
  '/framed.html': ['text/html', '<!doctype html><body><script src="/frame.js"></script>'],
};

/** The address of a page that shows another one in a frame. @param {string} url @param {string} size such as `390x844` */
export const inFrame = (url, size) => new URL(`/framed.html?${new URLSearchParams({ size, to: url })}`, url).href;

/** An address of this machine that is not its loopback; none where it has no network. @returns {string | undefined} */
export const outside = () =>
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

/**
 * @param {string} origin of the server behind it
 * @param {string} [host] the address that it listens at
 * @returns {Promise<{ url: string, origin: string, stop(): void }>}
 */
export async function front(origin, host = '127.0.0.1') {
  const server = createServer((incoming, answer) => {
    const path = new URL(incoming.url ?? '/', origin).pathname;
    const own = OWN[path];
    if (own) return void answer.writeHead(200, { 'Content-Type': own[0], 'Cache-Control': 'no-store' }).end(own[1]);
    const onward = request(new URL(incoming.url ?? '/', origin), { method: incoming.method }, (found) => {
      const { 'content-length': length, ...headers } = found.headers;
      const page = path === '/' && found.statusCode === 200;
      answer.writeHead(found.statusCode ?? 502, page || !length ? headers : { ...headers, 'content-length': length });
      if (!page) return found.pipe(answer);
      let html = '';
      found.setEncoding('utf8').on('data', (text) => (html += text));
      found.on('end', () => answer.end(html.replace('<script ', '<script src="/notes.js"></script><script ')));
    });
    onward.on('error', () => answer.destroy());
    onward.end();
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, host, () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const address = `http://${host === '127.0.0.1' ? 'localhost' : host}:${port}`;
  return {
    url: `${address}/`,
    origin: address,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
