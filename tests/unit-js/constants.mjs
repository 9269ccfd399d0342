/** What an engine tells of itself. @type {import('../../www/session/state.js').Constants} */
export const constants = {
  colours: ['#e69f00', '#56b4e9', '#009e73'],
  maxClasses: 254,
  presets: [{ name: 'small', width: 16 }],
  training: /** @type {any} */ ({
    steps: 200,
    seed: 1,
    learn: 'all',
    augment: true,
    balance: true,
    loss: 'cross-entropy-dice',
  }),
  learningRate: 1e-3,
  touchUp: 1e-4,
  maxBatch: 64,
  maxPatch: 1024,
  objectsUpTo: 1 << 22,
  windowPresets: [{ modality: 'CT', id: 'brain', center: 40, width: 80 }],
  properties: [{ id: 'tissue', meaning: 'Tissue' }],
};
