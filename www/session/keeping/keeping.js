/** Keeping the session in the browser's own storage, and going on with it after a reload. */
import { KeepError, inFull, openKept } from '../../keep/store.js';
import { t } from '../../strings/t.js';
import { withoutKeeping } from './state.js';
import { forgetOld, nowAndThen, youngOf } from './age.js';
import { choice } from './choice.js';
import { indexBytes, indexOf, lastingId, modelKey, offerOf, removeUnnamed, worthKeeping } from './index.js';
import { askBeforeLeaving, askToHold, losesWork } from './leaving.js';
import { Returning, storedOf } from './returning.js';
import { TrainingKeeper } from './training.js';
import { Turns } from './turns.js';

/**
 * @typedef {import('./state.js').KeepingState} KeepingState
 * @typedef {import('./index.js').Index} Index
 * @typedef {import('../state.js').Item} Item
 * @typedef {import('./state.js').SessionToKeep} SessionToKeep
 */

export class Keeping {
  #session;
  #open;
  /** @type {import('../../keep/store.js').Kept | null} */
  #kept = null;
  /** Of an earlier session, until it is continued or dropped. @type {Index | null} */
  #earlier = null;
  /** Files that are stored. @type {Set<number>} */
  #stored = new Set();
  /** Files whose labels have changed. @type {Set<number>} */
  #labels = new Set();
  /** Whether labels were stored since the order of the commands was. */
  #disordered = false;
  /** Labels of the earlier session. @type {Returning} */
  #returning;
  /** Own models as they are stored. @type {Map<string, File>} */
  #models = new Map();
  /** Files that could not be read a second time. @type {WeakSet<File>} */
  #unread = new WeakSet();
  #training;
  #turns = new Turns(
    () => this.#saveOrTell(),
    (pending) => this.#set({ pending }),
  );
  /** Tells the models of this session from those of others. */
  #stamp = Date.now().toString(36);
  #listening = false;
  /** Whether labels, models or a training are being stored. */
  #writing = false;

  /** @param {SessionToKeep} session @param {typeof openKept} [open] */
  constructor(session, open = openKept) {
    this.#session = session;
    this.#open = open;
    const stored = async (/** @type {string} */ name) => this.#kept?.get(name);
    this.#returning = new Returning(session, stored);
    this.#training = new TrainingKeeper((line) => session.journal.note(line));
    askBeforeLeaving(this);
  }

  get #state() {
    return this.#session.state.keeping;
  }

  /** @param {Partial<KeepingState>} patch */
  #set(patch) {
    this.#session.store.set({ keeping: { ...this.#state, ...patch } });
  }

  /** Looks for an earlier session, and keeps this one from now on. @param {boolean} [asked] whether a person said so just now */
  async start(asked = false) {
    const session = this.#session;
    const { keep, keepDays } = session.state.house;
    if (keep === 'forget') return this.#refuse('never');
    if (choice() === 'off') return this.#set({ phase: 'off' });
    if (keep === 'ask' && !asked && choice() !== 'on') return this.#set({ phase: 'ask' });
    try {
      this.#kept = await this.#open();
      const { index } = await youngOf(this.#kept, keepDays);
      if (index && worthKeeping(index)) {
        await removeUnnamed(this.#kept, index);
        this.#earlier = index;
        session.files.startAfter(Math.max(0, ...index.items.map(({ id }) => id)));
        for (const { name } of index.items) session.journal.hide(name);
      } else {
        await this.#kept.clear();
      }
      this.#set({ phase: 'on', offer: index && this.#earlier ? offerOf(index) : null });
      await this.#measure();
    } catch (error) {
      this.#kept = null;
      this.#set({ phase: withoutKeeping(error, session) });
      return;
    }
    // What was painted before there was a place for it is to be stored, too.
    this.#nothingStored();
    this.#listen();
    this.#later();
  }

  /** Deletes what was kept before, and keeps nothing. @param {'off' | 'never'} phase */
  async #refuse(phase) {
    this.#set({ phase, offer: null, full: false });
    this.#earlier = null;
    // Another tab, or a browser without such storage, has it in hand.
    this.#kept ??= await this.#open().catch(() => null);
    await this.#clear();
  }

  /** What has become too old while the tab was open. What is open stays so, and is stored again when something changes. */
  #forgetOld() {
    const forget = async () => {
      const { keepDays } = this.#session.state.house;
      if (!this.#kept || this.#state.phase !== 'on' || keepDays === null) return;
      const keyOf = (/** @type {string} */ id) => modelKey(lastingId(id, this.#stamp));
      this.#earlier = await forgetOld(this.#kept, keepDays, this.#earlier, this.#stored, this.#models, keyOf);
      this.#set({ offer: this.#earlier && offerOf(this.#earlier) });
    };
    void this.#turns.take(() => forget().catch((error) => this.#trouble(error)));
  }

  /** Whether closing the tab now would lose labels, a trained model or a training. */
  get losesWork() {
    return losesWork(this.#session.state, {
      writing: this.#writing,
      changed: this.#labels.size,
      files: this.#stored,
      models: this.#models,
      training: this.#training.now !== null && !this.#training.waiting,
    });
  }

  #listen() {
    if (this.#listening) return;
    this.#listening = true;
    const session = this.#session;
    session.store.on(['items'], () => this.#returning.putBack());
    session.store.on(['items', 'currentId', 'preferred', 'alike', 'codes', 'models'], () => this.#later());
    session.labelling.onChange((ids) => {
      for (const id of ids) this.#labels.add(id);
      askToHold();
      this.#later();
    });
    if (session.state.house.keepDays !== null) nowAndThen(() => this.#forgetOld());
    // Who goes may close the tab next; who comes back may have deleted what the browser keeps.
    globalThis.document?.addEventListener('visibilitychange', () => void this.flush());
  }

  #later() {
    if (this.#kept && this.#state.phase === 'on') this.#turns.soon();
  }

  /** Stores what has changed, at once. @returns {Promise<void>} */
  flush() {
    return this.#turns.now();
  }

  async #saveOrTell() {
    if (!this.#kept || this.#state.phase !== 'on') return;
    try {
      this.#writing = this.losesWork;
      await this.#save().catch((error) => this.#saveAgain(error));
      if (this.#state.full) this.#set({ full: false });
    } catch (error) {
      this.#trouble(error);
    } finally {
      this.#writing = false;
    }
  }

  /** Stores all of it where what was stored was deleted from outside, as by a person who deletes the data of the site. @param {unknown} error */
  async #saveAgain(error) {
    if (!(error instanceof KeepError) || error.code !== 'gone') throw error;
    this.#session.journal.note(`keeping ${inFull(error)}`);
    this.#earlier = null;
    this.#set({ offer: null });
    this.#nothingStored();
    await this.#save();
    this.#session.say(t('keep.gone'));
  }

  /** All that this session has is to be stored. */
  #nothingStored() {
    this.#stored.clear();
    this.#models.clear();
    this.#training.anew();
    for (const { itemId } of this.#session.state.labelling.labelled) this.#labels.add(itemId);
  }

  /** @param {unknown} error */
  #trouble(error) {
    const session = this.#session;
    session.journal.note(`keeping ${inFull(error)}`);
    if (error instanceof KeepError && error.code === 'full') {
      // Said once: the session itself goes on.
      if (!this.#state.full) session.say(t('keep.full'));
      this.#set({ full: true });
    } else if (error instanceof KeepError) {
      this.#kept = null;
      this.#set({ phase: 'broken' });
      session.say(t('keep.phase.broken'));
    }
  }

  /** Puts bytes where there may be no room: the oldest points of a training make some. @param {string} name @param {Uint8Array | Blob} content */
  async #put(name, content) {
    const kept = /** @type {import('../../keep/store.js').Kept} */ (this.#kept);
    for (;;) {
      try {
        return await kept.put(name, content);
      } catch (error) {
        await this.#training.makeRoom(kept, error);
      }
    }
  }

  async #save() {
    const session = this.#session;
    const kept = this.#kept;
    if (!kept) return;
    const { items } = session.state;
    // Also those that are on their way back from the storage, or could not be opened this time.
    const held = items.filter((item) => item.scan || this.#stored.has(item.id));
    // Labels first: they are work, files lie somewhere else too.
    const ids = [...this.#labels].filter((id) => !this.#returning.awaits(id));
    this.#disordered ||= ids.length > 0;
    const ordered = this.#disordered && !this.#returning.awaits();
    ids.forEach((id) => this.#labels.delete(id));
    try {
      // Asked for in one go: labels with one stroke more than the order tells could not be undone.
      const [order, ...labels] = await Promise.all([
        ordered ? session.labelling.storeOrder() : null,
        ...ids.map((id) => (items.some((item) => item.id === id) ? session.labelling.store(id) : null)),
      ]);
      for (const [i, bytes] of labels.entries()) {
        if (bytes) await this.#put(`labels-${ids[i]}`, bytes);
        else await kept.remove(`labels-${ids[i]}`);
      }
      if (order) await this.#put('order', order);
      else if (ordered && !this.#earlier) await kept.remove('order');
      if (ordered) this.#disordered = false;
    } catch (error) {
      ids.forEach((id) => this.#labels.add(id));
      throw error;
    }
    // Models before the list that names them.
    for (const { id, file } of session.state.models) {
      if (!(file instanceof File) || file.size === 0 || this.#models.get(id) === file) continue;
      await this.#put(modelKey(lastingId(id, this.#stamp)), new Uint8Array(await file.arrayBuffer()));
      this.#models.set(id, file);
    }
    await this.#saveTraining();
    const fresh = held.filter(({ id, file }) => !this.#stored.has(id) && !this.#unread.has(file));
    // What is there already is listed before files that may take long.
    if (fresh.length > 0) await this.#write(held.filter(({ id }) => this.#stored.has(id)));
    for (const item of fresh) {
      try {
        await this.#put(`file-${item.id}`, item.file);
        this.#stored.add(item.id);
      } catch (error) {
        if (!(error instanceof KeepError) || error.code !== 'unreadable') throw error;
        // It was moved or deleted since it was opened: the others are kept all the same.
        this.#unread.add(item.file);
        session.journal.note(`keeping ${inFull(error)}`);
      }
    }
    for (const id of [...this.#stored]) {
      if (items.some((item) => item.id === id)) continue;
      this.#stored.delete(id);
      await kept.remove(`file-${id}`);
      await kept.remove(`labels-${id}`);
    }
    await this.#write(held.filter(({ id }) => this.#stored.has(id)));
    await this.#measure();
  }

  /** @param {Item[]} items that are stored */
  async #write(items) {
    const index = indexOf(this.#session.state, items, {
      earlier: this.#earlier,
      training: this.#training.now,
      models: this.#models,
      stamp: this.#stamp,
      returning: this.#returning.labelled,
    });
    if (worthKeeping(index) || (await this.#kept?.get('session'))) await this.#put('session', indexBytes(index));
  }

  async #saveTraining() {
    const kept = /** @type {import('../../keep/store.js').Kept} */ (this.#kept);
    const earlier = this.#earlier?.training;
    // There is room for one training: this one takes the place of that of the earlier session.
    if (this.#earlier && earlier && this.#training.waiting) {
      for (const at of earlier.points) await kept.remove(`train-point-${at}`);
      this.#earlier.training = null;
      this.#set({ offer: offerOf(this.#earlier) });
    }
    await this.#training.save(kept, (name, bytes) => this.#put(name, bytes));
  }

  async #measure() {
    const found = (await this.#kept?.list()) ?? [];
    const files = new Set(found.flatMap(({ name }) => (name.startsWith('file-') ? [name] : [])));
    if ([...this.#stored].some((id) => !files.has(`file-${id}`))) throw new KeepError('gone');
    this.#set({ bytes: found.reduce((sum, { bytes }) => sum + bytes, 0), files: files.size });
  }

  /** What a training is at now: called at its validations, and with null when it is not wanted any more. @param {import('./training.js').TrainingSoFar | null} now */
  training(now) {
    this.#training.hear(now);
    this.#later();
  }

  /** It is over; its state and its points stay beside its model. @param {import('./training.js').Over} over */
  trainingOver(over) {
    this.#training.end(over);
    this.#later();
  }

  /** Brings the earlier session back: files, places, models, labels, and the training, paused. */
  async continue() {
    const session = this.#session;
    const earlier = this.#earlier;
    const kept = this.#kept;
    if (!earlier || !kept || this.#state.restoring) return;
    this.#set({ restoring: true });
    try {
      await session.models.list();
      const back = await storedOf(kept, earlier);
      const models = back.models.filter(({ id }) => !session.models.byId(id));
      for (const { id, file } of models) this.#models.set(id, file);
      if (models.length > 0) session.store.set({ models: [...session.state.models, ...models] });
      const { items } = back;
      for (const { id } of items) {
        this.#stored.add(id);
        this.#returning.await(id);
      }
      [this.#earlier, this.#returning.labelled] = [null, earlier.labelled];
      // One of this session, begun before, goes on.
      const own = this.#training.now !== null || this.#training.waiting || session.state.training.phase !== 'idle';
      if (!own) this.#training.now = earlier.training;
      this.#set({ offer: null });
      const { preferred, alike, codes } = earlier;
      // In older sessions it could be a shipped model; that one was not chosen for each of the files.
      if (preferred && session.models.byId(preferred)?.file instanceof File) session.store.set({ preferred });
      session.store.set({ alike: { ...alike, ...session.state.alike }, codes: { ...codes, ...session.state.codes } });
      session.files.restore(items, earlier.current);
      if (items.length < earlier.items.length)
        session.say(t('keep.lost', { count: earlier.items.length - items.length }));
      await this.#labelsBack();
      const learned = own ? null : await this.#training.back(kept);
      if (learned) await session.training.restoreTraining(learned);
    } catch (error) {
      session.fail(error);
    } finally {
      this.#set({ restoring: false });
      this.#later();
    }
  }

  async #labelsBack() {
    await this.#returning.all();
    const order = await this.#kept?.get('order');
    // The tab was closed between the two: then there is no undo; labels and training come back all the same.
    await (order && this.#session.labelling.restoreOrder(order))?.catch((error) => {
      this.#session.journal.note(`keeping ${inFull(error)}`);
      this.#session.say(t('keep.order'));
    });
  }

  /** Drops the earlier session; this one is kept. */
  async anew() {
    this.#earlier = null;
    this.#set({ offer: null });
    await this.#clear();
    this.#later();
  }

  /** Deletes everything that is kept, and keeps nothing from now on. */
  async stop() {
    choice('off');
    await this.#refuse('off');
    this.#session.announce(t('keep.deleted'));
  }

  /** Empties the storage. What this session has is stored again if it is kept on. */
  async #clear() {
    const clear = () => Promise.resolve(this.#kept?.clear()).then(() => this.#nothingStored());
    await this.#turns.take(() => clear().catch((error) => this.#trouble(error)));
    await this.#measure().catch(() => {});
  }

  /** Keeps the session again. */
  async again() {
    choice('on');
    if (!this.#kept) return this.start(true);
    this.#set({ phase: 'on' });
    this.#listen();
    this.#later();
  }
}
