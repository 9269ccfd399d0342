/** Looking at volumes: three views and their crosshair, which side is left, slabs, and what is measured. */
import { packed } from '../../pictures/layers.js';
import { maskOn } from '../../pictures/planes.js';
import { t } from '../../strings/t.js';
import { coloursOf } from '../colours.js';
import { paints } from '../labelling/state.js';
import { corrects } from '../objects/state.js';
import { AlongPlanes } from './along.js';
import { Cine } from './cine.js';
import { Measures } from './measures.js';
import { memory } from './memory.js';
import { LabelPlanes } from './label-planes.js';
import { Planes } from './planes.js';
import { atDepth, isVolume, kindOf, projected, sizesOf, threeViews, voxelOf } from './space.js';
import { THICKEST } from './state.js';

/** @typedef {import('./state.js').VolumeState} VolumeState @typedef {import('./state.js').Voxel} Voxel */

/** From here on there is room beside the image. */
const ROOM = '(min-width: 1200px) and (min-height: 600px)';

export class Volume {
  #session;
  planes;
  labels;
  cine;
  measures;
  along;

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
    this.set(memory());
    this.#watchRoom();
    this.planes = new Planes(session);
    this.labels = new LabelPlanes(session);
    this.cine = new Cine(session);
    this.measures = new Measures(session);
    this.along = new AlongPlanes(session);
    session.store.on(['tool', 'items', 'currentId'], ({ tool }) => {
      // Labels belong to single slices: who takes a brush sees one.
      if ((paints(tool) || corrects(tool)) && this.#projects) {
        this.set({ slab: 0 });
        session.say(t('slab.off'));
      }
      if (tool === 'cross' && session.current?.scan && !isVolume(session.current.scan)) session.display.use('pan');
    });
  }

  #watchRoom() {
    const room = globalThis.matchMedia?.(ROOM);
    const look = () => this.set({ roomy: room?.matches ?? false });
    room?.addEventListener('change', look);
    look();
  }

  get #state() {
    return this.#session.state.volume;
  }

  get #projects() {
    return projected(this.#session.current?.scan, this.#state);
  }

  /** @param {Partial<VolumeState>} patch */
  set(patch) {
    this.#session.store.set({ volume: { ...this.#state, ...patch } });
  }

  remember() {
    const { views, radiological, rate } = this.#state;
    memory({ views, radiological, rate });
  }

  /** Shows the three views, or the slices alone. */
  toggleViews() {
    const scan = this.#session.current?.scan;
    if (!isVolume(scan)) return;
    const { views } = this.#state;
    this.set({ views: { ...views, [kindOf(scan)]: !threeViews(scan, this.#state) } });
    this.remember();
  }

  /** @param {boolean} radiological whether the right of the patient is at the left */
  face(radiological) {
    this.set({ radiological });
    this.remember();
  }

  /** @param {boolean} [inverted] without it, the other way round */
  invert(inverted = !this.#state.inverted) {
    if (this.#session.current?.scan?.channels === 1) this.set({ inverted });
  }

  /** How thick what is shown is. @param {number} slab mm, or slices of a microscope and where the file gives no distances */
  thicken(slab) {
    if (!Number.isFinite(slab)) return;
    this.set({ slab: Math.min(Math.max(slab, 0), THICKEST) });
    const { tool } = this.#session.state;
    if ((paints(tool) || corrects(tool)) && this.#projects) this.#session.display.use('pan');
  }

  /** @param {import('./state.js').Projection} projection */
  project(projection) {
    this.set({ projection });
  }

  /** The voxel under the crosshair; null without a volume. @returns {Voxel | null} */
  get voxel() {
    const item = this.#session.current;
    return item?.scan && isVolume(item.scan) ? voxelOf({ ...item, scan: item.scan }, this.#state) : null;
  }

  /** Moves the crosshair, and with it the slice that is shown. @param {Voxel} voxel */
  moveTo(voxel) {
    const item = this.#session.current;
    const scan = item?.scan;
    if (!isVolume(scan) || !item) return;
    const last = sizesOf(scan);
    const [x, y, depth] = voxel.map((at, i) => Math.min(Math.max(Math.round(at), 0), last[i] - 1));
    const { crosses } = this.#state;
    if (crosses[item.id]?.x !== x || crosses[item.id]?.y !== y)
      this.set({ crosses: { ...crosses, [item.id]: { x, y } } });
    this.#session.picture.toSlice(atDepth(scan, item.slice, depth));
  }

  /**
   * The mask on a plane across the slices, RGBA: if the masks of all slices are there, since a gap would look like a finding. Null else, and of slabs.
   * @param {import('../../pictures/planes.js').Lie} lie @param {import('./planes.js').Axis} axis @returns {Uint8ClampedArray<ArrayBuffer> | null}
   */
  maskOn(lie, axis) {
    const { state, segmenting, current: item, models } = this.#session;
    const { modelId, hidden, threshold } = state;
    const scan = item?.scan;
    if (!isVolume(scan) || !item || !modelId || !state.maskShown || this.#state.slab > 0) return null;
    const masks = [];
    for (let depth = 0; depth < scan.planes.depths; depth++) {
      const kept = segmenting.kept.peek(segmenting.key({ ...item, slice: atDepth(scan, item.slice, depth) }, modelId));
      if (kept?.threshold !== threshold) return null;
      masks.push(kept.mask);
    }
    const all = coloursOf(state, models.byId(modelId), masks[0].classes);
    const colours = all.map((colour, i) => (hidden.includes(i + 1) ? null : colour));
    return maskOn(lie, voxelOf({ ...item, scan }, this.#state)[axis], masks, packed(colours));
  }

  /** One of the usual windows. @param {number} number from 0 */
  preset(number) {
    const preset = this.presets[number];
    if (!preset) return;
    this.#session.picture.toWindow({ center: preset.center, width: preset.width });
    this.#session.announce(t('preset.done', { name: preset.name }));
  }

  /**
   * Windows that are usual for the image that is shown. A research file has no modality: values as low as air has them on a CT are taken
   * for Hounsfield units.
   * @returns {{ name: string, center: number, width: number }[]}
   */
  get presets() {
    const scan = this.#session.current?.scan;
    if (!scan || scan.channels !== 1) return [];
    const ct = scan.modality === null && Boolean(scan.geometry) && scan.range.low <= -500;
    const modality = ct ? 'CT' : scan.modality;
    const known = this.#session.state.constants?.windowPresets ?? [];
    const own = known.filter((preset) => preset.modality === modality);
    return own.map(({ id, center, width }) => ({ name: t(`window.${id}`), center, width }));
  }
}
