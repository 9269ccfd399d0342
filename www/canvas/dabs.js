/** What a pointer with a brush or an eraser paints. */
import { UNLABELLED } from '../session/labelling/state.js';

/** A brush that moved less, pixels or voxels, paints nothing new. */
const FINE = 0.3;

/** @typedef {import('../labels/client.js').Dab} Dab @typedef {import('../session/labelling/state.js').LabellingState} LabellingState */

/** @param {import('../session/state.js').Tool} tool @returns {tool is 'brush' | 'eraser'} */
export const brushes = (tool) => tool === 'brush' || tool === 'eraser';

/** The other end of a pen erases, and Shift makes any tool take labels away. @param {PointerEvent} event @param {import('../session/state.js').Tool} tool @param {LabellingState} state */
export const valueOf = (event, tool, { ink }) =>
  tool === 'eraser' || (event.buttons & 32) !== 0 || event.shiftKey ? UNLABELLED : ink;

/** A pen that is pressed harder paints wider. @param {PointerEvent} event @param {LabellingState} state @returns {number} */
export function radiusOf(event, { size }) {
  const pressure = event.pointerType === 'pen' && event.pressure > 0 ? 0.3 + 1.4 * event.pressure : 1;
  return Math.max((size / 2) * pressure, 0.5);
}

/** Whether a dab paints something new. @param {Dab | null} last @param {Dab} dab */
export const differs = (last, dab) =>
  !last || Math.hypot(dab.x - last.x, dab.y - last.y) >= FINE || Math.abs(dab.radius - last.radius) >= FINE;
