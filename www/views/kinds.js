/** Small drawings of what models look for, to choose by: none shows a real image. */
import { svg } from '../elements/dom.js';

/** An ellipse as a path. @param {number} x @param {number} y @param {number} a @param {number} [b] */
const o = (x, y, a, b = a) => `M${x - a} ${y}a${a} ${b} 0 1 0 ${2 * a} 0a${a} ${b} 0 1 0 ${-2 * a} 0`;

/** The ground, and what lies on it: a path of 64 x 64, its filling, its line and how wide that is. @type {Record<string, [string, ...[string, string, string?, number?][]]>} */
const DRAWINGS = {
  nuclei: ['#111', [o(16, 18, 9, 7) + o(42, 14, 7) + o(50, 40, 8, 10) + o(24, 46, 10, 8) + o(58, 60, 7), '#cfd6e4']],
  'em-membrane': [
    '#c9c9c9',
    ['M0 20l18-6 16 10 30-8M18 14l4-14M34 24l-6 20 16 20M28 44L0 50M64 42l-20-4-10-14M44 38l-4 14', 'none', '#333', 3],
    [o(14, 34, 5, 3) + o(52, 27, 4, 3), '#777'],
  ],
  'cells-phase': [
    '#8b8b8b',
    [o(20, 20, 15, 8) + o(44, 44, 9, 14), '#6f6f6f', '#eee', 3],
    [o(20, 20, 4) + o(44, 44, 4), '#999'],
  ],
  'retina-vessels': [
    '#000',
    [o(32, 32, 30), '#c9702a'],
    [o(20, 32, 6), '#f6cf7a'],
    ['M20 32c8-4 14-16 26-20M20 32c8 4 14 16 26 20M30 23c8 2 14 6 26 4M30 41c8-2 14-6 26-4', 'none', '#7d2412', 2],
  ],
  'chest-lungs': [
    '#999',
    ['M26 10c-14 0-20 24-18 44 8-2 14-6 20-6zM38 10c14 0 20 24 18 44-8-2-14-6-16-12z', '#333'],
    ['M10 26q10-6 17 0M9 38q10-6 18 0M37 26q10-6 17 0M38 38q10-6 17 0', 'none', '#777', 2],
  ],
  'brain-mr': [
    '#000',
    [o(32, 32, 24, 29), '#222', '#bbb', 3],
    [o(32, 32, 19, 24), '#888'],
    ['M32 8v14M32 44v12M29 24c-6 4-4 12-2 16 2-4 2-8 2-16zM35 24c6 4 4 12 2 16-2-4-2-8-2-16z', '#222', '#222'],
  ],
  'left-ventricle': ['#2a2a2a', [o(22, 30, 14, 17), '#bbb'], [o(40, 34, 15), '#444'], [o(40, 34, 9), '#ddd']],
  'fetal-head': [
    '#000',
    ['M24 2h16l22 50q-30 16-60 0z', '#3a3a3a'],
    [o(32, 34, 18, 13), '#222', '#eee', 3],
    ['M18 34h28', 'none', '#999'],
  ],
  'skin-lesion': [
    '#e3b9a2',
    ['M20 22c8-10 26-6 28 6s-6 24-18 22-18-18-10-28z', '#7a4632'],
    [o(36, 30, 6, 5), '#55301f'],
  ],
  polyp: [
    '#b5523c',
    [o(16, 16, 10, 8), '#4a1710'],
    ['M4 30q12 8 24-4M2 44q18 8 32-8', 'none', '#8f3b2a', 3],
    [o(40, 40, 15, 14), '#e58a72', '#8f3b2a', 2],
    [o(36, 34, 3, 2), '#fff'],
  ],
};

/** @param {string} kind @returns {SVGSVGElement} */
export function drawing(kind) {
  const [ground = '#888', ...shapes] = DRAWINGS[kind] ?? [];
  return svg(
    'svg',
    { viewBox: '0 0 64 64', 'aria-hidden': 'true' },
    svg('rect', { width: 64, height: 64, fill: ground }),
    ...shapes.map(([d, fill, stroke, width = 1]) => svg('path', { d, fill, stroke, 'stroke-width': stroke && width })),
  );
}
