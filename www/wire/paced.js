/** Words about progress, not more of them than anybody can read. */

/** From one word about the progress of a call to the next, ms. */
export const PAUSE = 100;

/**
 * Passes on the first word at once, of those that follow within the pause the last one when it is over: who waits while nothing comes
 * for a time sees how far all is, and not how far it was at the start of the last burst. The word that all is done is passed on at once.
 * @param {(done: number, total: number) => void} tell
 */
export function paced(tell) {
  let told = -Infinity;
  /** @type {[done: number, total: number] | null} */
  let last = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;

  const pass = (/** @type {[done: number, total: number]} */ word) => {
    // What was told already is no news when its pause is over.
    if (last?.[0] === word[0] && last[1] === word[1]) return;
    told = performance.now();
    last = word;
    tell(...word);
  };

  return {
    /** @param {number} done @param {number} total 0: not known */
    say(done, total) {
      const left = told + PAUSE - performance.now();
      clearTimeout(waiting);
      if (left <= 0 || done === total) pass([done, total]);
      else waiting = setTimeout(pass, left, [done, total]);
    },
    /** Nothing is told any more. */
    end: () => clearTimeout(waiting),
  };
}
