/**
 * The little of Markdown that model cards use, as data: headings, paragraphs, pictures, lists, tables, code, and in a line bold,
 * italic, code and links. What it does not know stays the text that it is.
 *
 * @typedef {{ type: 'heading', level: number, text: string } | { type: 'paragraph', text: string }
 *   | { type: 'picture', text: string, name: string } | { type: 'code', text: string } | { type: 'list', ordered: boolean, items: string[] }
 *   | { type: 'table', rows: string[][] }} Block
 * @typedef {{ type: 'text' | 'strong' | 'em' | 'code', text: string } | { type: 'link', text: string, href: string }} Span
 */

/** A line of its own; of pictures only those that lie beside the cards: the page asks for nothing elsewhere. */
const PICTURE = /^!\[([^\]]*)\]\(pictures\/([\w-]+\.png)\)$/;
const ITEM = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;

/** @param {string} source @returns {Block[]} */
export function blocks(source) {
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  /** @type {Block[]} */
  const found = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line.trim() === '') continue;
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    if (heading) {
      found.push({ type: 'heading', level: heading[1].length, text: heading[2] });
    } else if (PICTURE.test(line.trim())) {
      const [, text, name] = PICTURE.exec(line.trim()) ?? [];
      found.push({ type: 'picture', text, name });
    } else if (line.startsWith('```')) {
      const code = [];
      while (++i < lines.length && !lines[i].startsWith('```')) code.push(lines[i]);
      found.push({ type: 'code', text: code.join('\n') });
    } else if (isRow(line) && /^[\s|:-]+$/.test(lines[i + 1] ?? '') && lines[i + 1].includes('-')) {
      const rows = [cells(line)];
      for (i += 2; i < lines.length && isRow(lines[i]); i++) rows.push(cells(lines[i]));
      i--;
      found.push({ type: 'table', rows });
    } else if (ITEM.test(line)) {
      const ordered = Boolean(ITEM.exec(line)?.[1]);
      const items = [];
      for (; i < lines.length && lines[i].trim() !== ''; i++) {
        const item = ITEM.exec(lines[i]);
        if (item) items.push(item[2]);
        else items[items.length - 1] += ` ${lines[i].trim()}`;
      }
      found.push({ type: 'list', ordered, items });
    } else {
      const text = [line.trim()];
      while (
        i + 1 < lines.length &&
        lines[i + 1].trim() !== '' &&
        !/^(#|```|!\[)/.test(lines[i + 1]) &&
        !ITEM.test(lines[i + 1])
      )
        text.push(lines[++i].trim());
      found.push({ type: 'paragraph', text: text.join(' ') });
    }
  }
  return found;
}

const isRow = (/** @type {string} */ line) => line.trim().startsWith('|');

const cells = (/** @type {string} */ line) =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

/** @param {string} text @returns {Span[]} */
export function spans(text) {
  const pattern = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)|<(https?:\/\/[^>\s]+)>/g;
  /** @type {Span[]} */
  const found = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) found.push({ type: 'text', text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    const [whole, code, strong, em, label, href, bare] = match;
    if (code) found.push({ type: 'code', text: code });
    else if (strong) found.push({ type: 'strong', text: strong });
    else if (em) found.push({ type: 'em', text: em });
    else if (bare) found.push({ type: 'link', text: bare, href: bare });
    // Only the web's own addresses: nothing that could run.
    else if (/^https?:\/\//i.test(href)) found.push({ type: 'link', text: label, href });
    else found.push({ type: 'text', text: label ?? whole });
  }
  if (end < text.length) found.push({ type: 'text', text: text.slice(end) });
  return found;
}
