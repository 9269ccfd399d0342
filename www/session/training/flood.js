/** Whether the mask that is shown covers far more than the labels suggest: the engine says how much that is. */

/**
 * The part of the image that the mask covers, if that is too much of it and the training that made it stands still; else null.
 * @param {Pick<import('../state.js').State, 'training' | 'mask' | 'modelId'>} state
 */
export function flooded({ training: { phase, current }, mask, modelId }) {
  if (!mask || !current?.begun || current.at === 0 || modelId !== current.modelId) return null;
  if (phase !== 'over' && phase !== 'paused') return null;
  const covered = mask.areas.reduce((sum, n) => sum + n, 0) / (mask.width * mask.height);
  return covered > current.begun.mostCovered ? covered : null;
}
