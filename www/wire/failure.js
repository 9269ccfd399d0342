/** What the engine's side throws: plain records, which cross between workers and become an `InsituError` in the page. */

/** What is thrown to the page. @param {string} code @param {string} kind @param {string} message @param {unknown} [cause] */
export function failure(code, kind, message, cause) {
  return { code, kind, message, cause: cause === undefined ? null : String(cause) };
}

/** A trap leaves the module's memory in no known state. @param {unknown} error */
export const isTrap = (error) => error instanceof WebAssembly.RuntimeError;

/** What crosses to the page: the engine's own records as they are, anything else as a failure of ours. @param {any} error */
export function described(error) {
  if (error && typeof error === 'object' && 'code' in error && 'message' in error && !(error instanceof DOMException)) {
    const { code, kind, message, cause } = error;
    return { code: String(code), kind: String(kind ?? 'invalid'), message: String(message), cause: cause ?? null };
  }
  if (error instanceof RangeError) return failure('memory', 'limit', '', error);
  return failure('engine.unexpected', 'invalid', '', error instanceof Error ? (error.stack ?? error) : error);
}
