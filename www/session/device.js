/** What computes, as people would call it. */

/** Names of graphics cards that are none: programs that compute on the processor what a card would. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render/i;

/** @param {Pick<import('../../pkg/insitu.js').DeviceRecord, 'kind' | 'name'> | null} device @returns {'gpu' | 'software' | 'cpu'} */
export function kindOf(device) {
  if (device?.kind !== 'webgpu') return 'cpu';
  return SOFTWARE.test(device.name) ? 'software' : 'gpu';
}
