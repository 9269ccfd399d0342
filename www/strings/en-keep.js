/** Words about keeping the session; see `en.js`. */

/** @type {Record<string, string | Record<string, string>>} */
export const keep = {
  'status.train.continued': 'The engine was started again. The training goes on exactly from step {step}.',
  'status.train.restarted': 'The engine was started again. The training goes on with the network of step {step}.',
  'status.train.smaller': 'The memory was too small. The training goes on from step {step} with {batch} patches of {patch} pixels.',
  'error.train.checkpoint': 'This is not the state of a training, or it is damaged; the training cannot go on from it.',
};
