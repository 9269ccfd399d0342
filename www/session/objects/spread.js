/** How values are spread: their mean, median, quantiles. Pure functions of ascending values. */

/** Between two values in proportion; NaN of none. @param {Float64Array} ascending @param {number} part from 0 to 1 */
export function quantile(ascending, part) {
  const at = (ascending.length - 1) * part;
  const below = Math.floor(at);
  const low = ascending[below];
  return low + ((ascending[below + 1] ?? low) - low) * (at - below);
}

/** @param {Float64Array} ascending */
export const median = (ascending) => quantile(ascending, 0.5);

/** What they are like as a whole. The standard deviation is that of a sample. @param {Float64Array} ascending */
export function summaryOf(ascending) {
  const count = ascending.length;
  const mean = ascending.reduce((sum, value) => sum + value, 0) / count;
  const squares = ascending.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, median: median(ascending), deviation: Math.sqrt(squares / (count - 1)) };
}
