/**
 * Stands in the place of `service-worker.js` where no version is to be kept: `xtask serve` gives it out for the working tree, and a house that takes the page
 * down may put it there. It deletes what a release left at this address, goes, and lets the pages load anew from the server.
 */
const worker = /** @type {any} */ (self);

addEventListener('install', () => worker.skipWaiting());
addEventListener('activate', (event) => {
  const gone = async () => {
    const { pathname } = new URL(worker.registration.scope);
    for (const name of await caches.keys()) if (name.startsWith(`insitu ${pathname} `)) await caches.delete(name);
    await worker.registration.unregister();
    for (const page of await worker.clients.matchAll({ type: 'window' })) await page.navigate(page.url).catch(() => {});
  };
  /** @type {any} */ (event).waitUntil(gone());
});
