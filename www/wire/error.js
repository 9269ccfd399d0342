import { failure } from '../strings/engine.js';
import { t } from '../strings/t.js';

/** The only thing that Insitu throws: a stable `code`, a sentence for a person as `message`, and the `cause`. */
export class InsituError extends Error {
  /**
   * @param {string} code such as `tiff.unsupported.compression`
   * @param {string} kind `invalid`, `unsupported`, `limit`, `cancelled`, `device` or `io`
   * @param {string} message one or two whole sentences
   * @param {unknown} [cause]
   */
  constructor(code, kind, message, cause) {
    super(message, { cause });
    this.name = 'InsituError';
    /** Stable; for programs. */
    this.code = code;
    /** What can be done about it. */
    this.kind = kind;
  }

  /** One of the page's own, with its sentence from the table. @param {string} code @param {string} kind @param {unknown} [cause] */
  static of(code, kind, cause) {
    return new InsituError(code, kind, t(`error.${code}`), cause);
  }

  static cancelled() {
    return InsituError.of('cancelled', 'cancelled');
  }

  /** Anything that was thrown, as an InsituError. @param {any} thrown @returns {InsituError} */
  static from(thrown) {
    if (thrown instanceof InsituError) return thrown;
    if (thrown?.name === 'AbortError') return InsituError.cancelled();
    if (typeof thrown?.code === 'string') {
      const message = failure(thrown.code, thrown.message ?? '');
      return new InsituError(thrown.code, thrown.kind ?? 'invalid', message, thrown.cause ?? undefined);
    }
    if (thrown?.name === 'NotReadableError' || thrown?.name === 'NotFoundError') {
      return InsituError.of('file.unreadable', 'io', thrown);
    }
    return InsituError.of('engine.unexpected', 'invalid', thrown);
  }

  get isCancelled() {
    return this.kind === 'cancelled';
  }
}
