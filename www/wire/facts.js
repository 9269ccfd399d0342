/**
 * What the browser says about its GPU. The engine decides by it: opening a GPU that lacks `timestamp-query` would
 * end it.
 * @returns {Promise<import('../../pkg/insitu.js').Facts>}
 */
export async function gpuFacts() {
  /** @type {import('../../pkg/insitu.js').Facts} */
  const facts = {
    secure: Boolean(globalThis.isSecureContext),
    gpu: false,
    timestampQuery: false,
    adapter: null,
    memory: null,
  };
  // Chromium alone tells it.
  facts.memory = /** @type {{ deviceMemory?: number }} */ (navigator).deviceMemory ?? null;
  const gpu = /** @type {Gpu | undefined} */ (/** @type {any} */ (navigator).gpu);
  if (!gpu) return facts;
  facts.gpu = true;
  try {
    // The same wish that the engine will have, so that the facts are about the same card.
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return facts;
    facts.timestampQuery = adapter.features.has('timestamp-query');
    facts.adapter = adapterName(adapter.info);
  } catch {
    // A browser that throws here offers no graphics card; the facts say so.
  }
  return facts;
}

/**
 * A name for people out of what the browser tells, which is often little.
 * @param {{ vendor?: string, architecture?: string, device?: string, description?: string } | undefined} info
 * @returns {string}
 */
export function adapterName(info) {
  if (!info) return '';
  if (info.description) return info.description;
  const parts = [info.vendor, info.architecture, info.device].filter(Boolean).map(String);
  return parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join(' ');
}

/**
 * The little of WebGPU that is needed here; TypeScript's DOM library has none of it.
 * @typedef {{ requestAdapter(options?: object): Promise<Adapter | null> }} Gpu
 * @typedef {{ features: { has(name: string): boolean }, info?: object }} Adapter
 */
