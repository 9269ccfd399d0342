/** Programs that a browser needs beside it, and the folder that all of them write into. */
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The program of that name: from a variable of the environment, or from PATH. @param {string | null} variable @param {...string} names @returns {string | undefined} */
export function program(variable, ...names) {
  const named = variable && process.env[variable];
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}

/** A home of their own for the programs of one browser; `end` ends them and removes it. */
export async function household() {
  const home = await mkdtemp(join(tmpdir(), 'insitu-browser-'));
  /** @type {import('node:child_process').ChildProcess[]} */
  const running = [];
  const kill = () => {
    for (const { pid } of running)
      try {
        if (pid) process.kill(-pid, 'SIGKILL');
      } catch {
        // It has gone.
      }
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  // Also if the tests are broken off.
  const leave = () => process.exit(1);
  process.once('exit', kill).once('SIGTERM', leave).once('SIGINT', leave);
  return {
    home,
    /**
     * Starts one; its group ends with it.
     * @param {string} file @param {string[]} args
     * @param {{ says?: RegExp, env?: Record<string, string | undefined> }} [options] `says`: resolves with the match, once it stands in what it prints
     * @returns {Promise<RegExpMatchArray | null>}
     */
    start(file, args, { says, env } = {}) {
      const child = spawn(file, args, {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), ...env },
      });
      running.push(child);
      return new Promise((resolve, reject) => {
        let said = '';
        const hear = (/** @type {Buffer} */ data) => {
          said = (said + data).slice(-10_000);
          const match = says && said.match(says);
          if (match) resolve(match);
        };
        child.stdout.on('data', hear);
        child.stderr.on('data', hear);
        child.once('error', reject);
        child.once('exit', (code) => reject(new Error(`${file} stopped (${code}): ${said}`)));
        if (says) setTimeout(() => reject(new Error(`${file} did not start: ${said}`)), 60_000).unref();
        else child.once('spawn', () => resolve(null));
      });
    },
    async end() {
      process.off('exit', kill).off('SIGTERM', leave).off('SIGINT', leave);
      for (const child of running.reverse()) {
        if (child.exitCode !== null || child.signalCode !== null || !child.pid) continue;
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill();
        await Promise.race([gone, new Promise((wait) => setTimeout(wait, 3000).unref())]);
      }
      // And what is left of their groups.
      kill();
    },
  };
}
