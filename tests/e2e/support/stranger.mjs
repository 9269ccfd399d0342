/** A second server, of another origin, that answers everybody and remembers what reached it: connections, requests, datagrams. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** @returns {Promise<{ origin: string, reached: string[], stop(): void }>} */
export async function stranger() {
  /** @type {string[]} */
  const reached = [];
  // On the level of connections, so that one without a request counts, too.
  const server = createServer((socket) => {
    const at = reached.push('a connection') - 1;
    socket.on('error', () => {});
    socket.once('data', (data) => {
      reached[at] = String(data).split('\r\n')[0];
      socket.end('HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const socket = createSocket('udp4');
  socket.on('message', (message) => reached.push(`a datagram of ${message.length} bytes`));
  await new Promise((resolve) => socket.bind(port, '127.0.0.1', () => resolve(null)));
  return {
    origin: `http://127.0.0.1:${port}`,
    reached,
    stop() {
      server.close();
      socket.close();
    },
  };
}
