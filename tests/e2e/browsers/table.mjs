/** The table of the README that says what was tested in which browser. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../support/server.mjs';

const FILE = join(root, 'README.md');
const [BEGIN, END] = ['<!-- tested browsers: written by the tests -->\n', '<!-- end of tested browsers -->'];

/** @typedef {{ title: string, steps: Map<string, string> }} Column `steps`: what came out of each */

const split = async () => {
  const text = await readFile(FILE, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error('README.md has no place for the table of browsers');
  return {
    before: text.slice(0, from + BEGIN.length),
    table: text.slice(from + BEGIN.length, to),
    after: text.slice(to),
  };
};

/** The steps that the README names. */
export async function named() {
  const { table } = await split();
  const rows = table.split('\n').slice(2);
  return rows.filter((row) => row.startsWith('|')).map((row) => row.split('|')[1].trim());
}

/** @param {string[]} steps @param {Column[]} columns */
export async function write(steps, columns) {
  const { before, after } = await split();
  const row = (/** @type {string[]} */ cells) => `|${cells.map((cell) => (cell ? ` ${cell} ` : ' ')).join('|')}|\n`;
  const table = [
    row(['', ...columns.map(({ title }) => title)]),
    `|${'---|'.repeat(columns.length + 1)}\n`,
    ...steps.map((step) => row([step, ...columns.map((column) => column.steps.get(step) ?? 'not tried')])),
  ];
  await writeFile(FILE, before + table.join('') + after);
}
