/** Slices one after the other, as a film. */
import { placeOf } from '../places.js';
import { RATES } from './state.js';

export class Cine {
  #session;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** When the next frame is due, ms. */
  #due = 0;
  /** The file that plays. @type {number | null} */
  #of = null;

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
    session.store.on(['currentId', 'items'], ({ volume, currentId }) => {
      if (volume.playing && currentId !== this.#of) this.play(false);
    });
  }

  /** Whether there is anything to play. */
  get can() {
    return (this.#session.current?.scan?.planes.slices ?? 1) > 1;
  }

  /** @param {boolean} [playing] without it, the other way round */
  play(playing = !this.#session.state.volume.playing) {
    const { volume, current } = this.#session;
    clearTimeout(this.#timer);
    this.#of = current?.id ?? null;
    volume.set({ playing: playing && this.can });
    if (playing && this.can) {
      this.#due = performance.now();
      this.#next();
    } else if (current?.scan) this.#session.segmenting.soon(current);
  }

  /** @param {number} rate frames a second */
  pace(rate) {
    if (!Number.isFinite(rate)) return;
    this.#session.volume.set({ rate: Math.min(Math.max(rate, RATES[0]), RATES[RATES.length - 1]) });
    this.#session.volume.remember();
  }

  #next() {
    const pause = 1000 / this.#session.state.volume.rate;
    const now = performance.now();
    // A page that slept does not catch up.
    this.#due = Math.max(this.#due + pause, now);
    this.#timer = setTimeout(() => {
      this.#step();
      this.#next();
    }, this.#due - now);
  }

  #step() {
    const { current, state, picture } = this.#session;
    const scan = current?.scan;
    if (!scan) return;
    const { position } = placeOf(scan, current.slice);
    picture.toPlace({ position: after(scan, position, state.volume.along) });
  }
}

/** The frame after one; the first comes after the last. @param {import('../../insitu.js').Scan} scan @param {number} position @param {'depths' | 'times'} along */
export function after({ planes: { slices, depths, times } }, position, along) {
  if (depths < 2 || times < 2) return (position + 1) % slices;
  const depth = position % depths,
    time = Math.floor(position / depths);
  return along === 'times' ? depth + ((time + 1) % times) * depths : ((depth + 1) % depths) + time * depths;
}
