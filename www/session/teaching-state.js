/** What the store holds of training in the tab. */

/**
 * @typedef {object} TeachingState
 * @property {'idle' | 'preparing' | 'running' | 'paused' | 'ending'} phase
 */

/** @type {TeachingState} */
export const teaching = { phase: 'idle' };
