/** A worker's methods as methods of an object, with the types that they have there. */

/**
 * @template M
 * @typedef {{ [K in keyof M]: M[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never }} Remote
 */

/**
 * @template M @template {object} O
 * @param {(method: any, args: any[]) => Promise<any>} call @param {O} own methods that are not the worker's @returns {Remote<M> & O}
 */
export function remote(call, own) {
  const methods = {
    get: (/** @type {object} */ target, /** @type {string | symbol} */ method) => {
      // Nobody may take it for a promise.
      if (typeof method === 'symbol' || method === 'then' || method in target) return Reflect.get(target, method);
      return (/** @type {any[]} */ ...args) => call(method, args);
    },
  };
  return /** @type {Remote<M> & O} */ (new Proxy(own, methods));
}
