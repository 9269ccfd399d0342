/** Icons, drawn for Insitu on a grid of 20 x 20. They are decoration: the button beside them has the name. */
const SHAPES = {
  open: 'M3 6v9h14V7h-7L8 5H3z',
  folder: 'M3 6v9h14V7h-7L8 5H3zM10 9v4M8 11h4',
  fit: 'M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5',
  hand: 'M6 11V6.5a1.2 1.2 0 0 1 2.4 0V10 4.700a1.200 1.200 0 0 1 2.400 0V10 5.500a1.200 1.200 0 0 1 2.400 0V11 7.500a1.200 1.200 0 0 1 2.400 0V13c0 3-2 4.500-4.500 4.500S7 16.500 5.500 14L3.800 11.500c-.6-1 1-1.900 1.700-1z',
  window: 'M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14',
  mask: 'M5 11c-1-4 2-7 6-6s5 4 4 7-4 4-6 3-3-2-4-4z',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  close: 'M5 5l10 10M15 5L5 15',
  left: 'M12 4l-6 6 6 6',
  right: 'M8 4l6 6-6 6',
  save: 'M10 3v9M6 9l4 4 4-4M4 16h12',
  keys: 'M2.500 5.500h15v9h-15zM5 8.500h1M8 8.500h1M11 8.500h1M14 8.500h1M6 12h8',
  info: 'M10 2.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15zM10 9v5M10 6v.5',
  offline: 'M3 4h14v9H3zM7.500 16.500h5M10 6v4.500M8 8.500l2 2 2-2',
  lock: 'M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9',
  inside: 'M3 3v11h4M7 11v6h6v-6M17 3v11h-4M3 6h14',
  brush:
    'M16.500 3.500L9 11M7.500 10.500c-2 0-3 1.300-3 3 0 1.500-.7 2.300-1.500 2.800 3 .7 6.500-.3 6.500-3.300 0-1.500-.8-2.500-2-2.500z',
  eraser: 'M7.500 16.500l-4-4 8-8 5 5-7 7zM7.500 8.500l5 5M9.500 16.500h7',
  polygon: 'M4.500 6.500L10 4l6 4-2 7-8 .5zM4.500 5.500v2M10 3v2M16 7v2M14 14v2M6 14.500v2',
  flood: 'M9 3.500L3.500 9l5.500 5.500L14.500 9zM6 6.500h6M17 12.500c1 1.500 1 3 0 3s-1-1.500 0-3z',
  wand: 'M3.500 16.500L11 9M13.500 3v3M13.500 9v2M10 6.500h2M15 6.500h2.500',
  smooth: 'M3 6l2-2 2 3 2-3 2 3 2-3 2 3 2-2M3 14c3-3 5-3 7 0s4 3 7 0',
  accept: 'M4 10.500l4 4 8-9',
  delete: 'M5 10c0-4 2-6 5-6s5 2 5 6-2 6-5 6-5-2-5-6zM8 8l4 4M12 8l-4 4',
  merge:
    'M3.500 10c0-3 1.500-4.500 3.500-4.500S10 7 10 10s-1 4.500-3 4.500S3.500 13 3.500 10zM16.500 10c0-3-1.500-4.500-3.500-4.500M13 14.500c2 0 3.500-1.500 3.500-4.500M8 10h5',
  split: 'M4 10c0-4 2.500-6 6-6s6 2 6 6-2.500 6-6 6-6-2-6-6zM10 2.500v3M10 7.500v2M10 11.500v2M10 15.500v2',
  draw: 'M4 10c0-4 2.500-6 6-6s6 2 6 6-2.500 6-6 6-6-2-6-6zM10 7.500v5M7.500 10h5',
  undo: 'M7 4L3.500 7.500 7 11M4 7.500h7.500a4 4 0 0 1 0 8H8',
  redo: 'M13 4l3.500 3.500L13 11M16 7.500H8.500a4 4 0 0 0 0 8H12',
  up: 'M5 12l5-5 5 5',
  down: 'M5 8l5 5 5-5',
  bin: 'M4 6h12M8 6V4h4v2M6 6l.7 10h6.600L14 6',
  copy: 'M7.500 7.500h9v9h-9zM12.500 7.500v-4h-9v9h4',
  views: 'M3 3h8v14H3zM11 3h6v14h-6M11 10h6',
  cross: 'M10 2.500v5M10 12.500v5M2.500 10h5M12.500 10h5',
  ruler: 'M2.500 13.500l11-11 4 4-11 11zM5.500 10.500l2 2M8 8l1.500 1.500M10.500 5.500l2 2',
  angle: 'M15 4L4 15.500h13M9 10.300a7 7 0 0 1 2.500 5.200',
  play: 'M6 4l10 6-10 6z',
  pause: 'M7 4v12M13 4v12',
  language:
    'M10 2.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15zM2.500 10h15M10 2.500c-5 4.500-5 10.500 0 15M10 2.500c5 4.500 5 10.500 0 15',
  reset: 'M4.500 8a6 6 0 1 1-.5 3M4 4v4h4',
};

/** @typedef {keyof typeof SHAPES} Icon */

/** @param {Icon} name @returns {SVGElement} */
export function icon(name) {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(ns, 'path');
  path.setAttribute('d', SHAPES[name]);
  svg.append(path);
  if (name === 'window') {
    const half = document.createElementNS(ns, 'path');
    half.setAttribute('d', 'M10 3a7 7 0 1 0 0 14z');
    half.setAttribute('class', 'solid');
    svg.append(half);
  }
  return svg;
}
