/** Files that the system hands over: opened with the installed page, or shared with it. */
import { sharedFiles } from '../offline/client.js';

/** @typedef {{ setConsumer(take: (launched: { files: readonly { getFile(): Promise<File> }[] }) => void): void }} LaunchQueue */

/** @param {Pick<import('./session.js').Session, 'files' | 'fail'>} session */
export function takeArrivals(session) {
  /** @param {Promise<File[]>} coming */
  const take = async (coming) => {
    try {
      const files = await coming;
      if (files.length > 0) session.files.add(files);
    } catch (error) {
      session.fail(error);
    }
  };
  const { launchQueue } = /** @type {{ launchQueue?: LaunchQueue }} */ (/** @type {unknown} */ (globalThis));
  launchQueue?.setConsumer(({ files }) => void take(Promise.all(files.map((file) => file.getFile()))));
  const here = new URL(location.href);
  if (!here.searchParams.has('shared')) return;
  // Loaded again, it is not shared again.
  here.searchParams.delete('shared');
  history.replaceState(null, '', here);
  void take(sharedFiles(new URL('.', here)));
}
