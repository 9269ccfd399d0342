/** What came of the page before its engine: to those who wait they are one. */

/** Bytes of its scripts and styles that came over the line, and not from what the browser had. */
export function pageBytes() {
  const files = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
  const came = files.filter(({ name, transferSize }) => /\.(js|css)$/.test(name) && transferSize > 0);
  return came.reduce((sum, file) => sum + file.encodedBodySize, 0);
}
