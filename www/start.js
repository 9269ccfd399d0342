/*
 * Runs before all modules. Where a file of the page does not come (a server that is just being restarted, a browser whose worker ends in the
 * middle of its answers), none of the modules runs, and nobody could say so. The page is loaded again, twice, and then says it.
 */
{
  /** How often it was loaded again, for this tab. */
  const PLACE = 'insitu.starts';
  const TRIES = 2;
  /** From a failure to loading again, ms: longer each time. */
  const PAUSE = 400;
  let failed = false;

  const again = () => {
    try {
      const tries = Number(sessionStorage.getItem(PLACE)) + 1;
      sessionStorage.setItem(PLACE, String(tries));
      return tries;
    } catch {
      return Infinity;
    }
  };

  const tell = () => {
    const words = document.getElementById('boot-failed');
    document.getElementById('boot')?.replaceChildren(...(words ? [words] : []));
    words?.removeAttribute('hidden');
    for (const button of words?.querySelectorAll('button') ?? [])
      button.addEventListener('click', () => location.reload());
  };

  const missed = (/** @type {Event} */ { target }) => {
    const file =
      target instanceof HTMLScriptElement || (target instanceof HTMLLinkElement && target.rel === 'stylesheet');
    if (!file || failed) return;
    failed = true;
    const tries = again();
    if (tries <= TRIES) setTimeout(() => location.reload(), PAUSE * tries);
    else if (document.readyState === 'loading') addEventListener('DOMContentLoaded', tell);
    else tell();
  };
  addEventListener('error', missed, true);

  /** How much of the page has come over the line, and of how much with the engine, which it loads next. */
  const arrived = (/** @type {number} */ bytes) => {
    const words = document.getElementById('boot-arrived');
    if (!words || bytes === 0) return;
    const release = document.querySelector('meta[name="insitu-bytes"]')?.getAttribute('content') ?? '';
    const [, page, , engine] = release.split(' ').map(Number);
    for (const line of words.children) {
      const put = (/** @type {string} */ place, /** @type {number} */ size) => {
        const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
        const number = line.querySelector(place);
        if (number) number.textContent = (size / 1e6).toLocaleString(line.getAttribute('lang') ?? 'en', digits);
      };
      put(':scope > b', bytes);
      put('span > b', Math.max(page + engine, bytes));
      line.querySelector('span')?.toggleAttribute('hidden', !engine);
    }
    words.hidden = false;
  };
  let bytes = 0;
  const watching = new PerformanceObserver((list) => {
    const files = /** @type {PerformanceResourceTiming[]} */ (list.getEntries());
    // What the browser had already came over no line; pictures are no part of the start.
    for (const { name, transferSize, encodedBodySize } of files)
      if (/\.(js|css)$/.test(name) && transferSize > 0) bytes += encodedBodySize;
    arrived(bytes);
  });
  watching.observe({ type: 'resource', buffered: true });

  addEventListener('load', () => {
    // What comes later was asked for by somebody who hears of it.
    removeEventListener('error', missed, true);
    watching.disconnect();
    try {
      if (!failed) sessionStorage.removeItem(PLACE);
    } catch {
      // Then nothing was remembered.
    }
  });
}
