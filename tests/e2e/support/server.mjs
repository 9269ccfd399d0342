/** The project's own server, on a free port. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Serves the page, or with `dir` a folder as it is.
 * @param {{ dir?: string, at?: string }} [options]
 * @returns {Promise<{ url: string, origin: string, stop(): void }>}
 */
export async function serve({ dir, at } = {}) {
  const options = ['serve', '--port', '0', '--no-build'];
  if (dir) options.push('--dir', dir);
  if (at) options.push('--at', at);
  const built = process.env.INSITU_XTASK;
  const server = built
    ? spawn(built, options, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    : spawn('cargo', ['xtask', ...options], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (data) => {
      said += data;
      const address = said.match(/http:\/\/\S+/);
      if (address) resolve(address[0]);
    });
    server.on('exit', (code) => reject(new Error(`the server stopped (${code}): ${said}`)));
    server.on('error', reject);
  });
  return { url, origin: new URL(url).origin, stop: () => void server.kill() };
}
