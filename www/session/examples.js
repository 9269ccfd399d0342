/** What augmentation makes of labelled patches. */
import { InsituError } from '../insitu.js';

/**
 * Augmented patches of the image that is shown, or else of the first with labels.
 * @param {import('./session.js').Session} session @param {number} seed @param {number} size pixels a side, at most
 */
export async function augmentedExamples(session, seed, size) {
  const [app, samples] = [await session.app, await session.labelling.samples()];
  const item = session.current;
  const sample = samples.find((s) => s.itemId === item?.id && s.slice === item.slice) ?? samples[0];
  const scan = sample?.scan ?? item?.scan;
  if (!scan) throw InsituError.of('scan.closed', 'invalid');
  const labels = sample?.labels ?? session.state.mask?.labels ?? new Uint8Array(scan.width * scan.height);
  const side = Math.min(size, scan.width, scan.height);
  const copies = await app.augmented(scan, {
    slice: sample?.slice ?? item?.slice ?? 0,
    labels,
    size: side,
    count: 4,
    seed,
  });
  const { classes } = session.state.labelling;
  return { copies, colours: classes.length > 0 ? classes.map(({ colour }) => colour) : session.inside.colours() };
}
