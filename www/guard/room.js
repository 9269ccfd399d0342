/*
 * Runs before all modules, as no module can: the browser's record of requests has room for 250 unless it is told otherwise, and the page is
 * made of more modules than that. Those beyond would be missing from what `watch.js` counts.
 */
performance.setResourceTimingBufferSize?.(5000);
