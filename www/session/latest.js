/**
 * Work that always looks at the present state: one at a time, and what is wished for meanwhile is one more run afterwards.
 * @param {() => Promise<void>} work
 * @returns {() => Promise<void>} asks for a run; resolves when nothing is wished for any more, or at once if a run is on its way
 */
export function latest(work) {
  let busy = false,
    again = false;
  return async () => {
    again = true;
    if (busy) return;
    busy = true;
    try {
      while (again) {
        again = false;
        await work();
      }
    } finally {
      busy = false;
    }
  };
}
