/** Training in the tab: its settings, how it goes, its checkpoints, and the model that comes out. */
import { InsituError } from '../../insitu.js';
import { t } from '../../strings/t.js';
import { Sweeping } from './sweep.js';
import { Looking } from './look.js';
import { Lasting } from './lasting.js';
import { TrainedModel } from './model.js';
import { Planning } from './plan.js';
import { suggestedName } from './names.js';
import { samplesOf, unlabelled } from './samples.js';
import { gentler, whatIsKnown } from './curve.js';
import { labelsOf, learns, newTraining, obstacle, requestOf, settled, unready } from './state.js';

/**
 * @typedef {import('./state.js').TrainingState} TrainingState
 * @typedef {import('./state.js').Settings} Settings
 * @typedef {import('./state.js').CurrentTraining} CurrentTraining
 */

export class Training {
  #session;
  /** @type {import('../../training/run.js').Run | null} */
  #run = null;
  /** @type {AbortController} */
  #stop = new AbortController();
  #own = 0;
  /** How a training that is taken up again had ended. @type {import('../keeping/training.js').Over | null} */
  #back = null;
  /** The name as the person gave it, perhaps none. */
  #wanted = '';
  /** What was chosen by hand before. @type {ReturnType<import('../models.js').Models['choices']> | null} */
  #choices = null;
  #looking;
  #planning;
  #model;
  #lasting;

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
    this.#looking = new Looking(session);
    this.#planning = new Planning(session);
    this.#model = new TrainedModel(session);
    this.#lasting = new Lasting(session);
    this.sweep = new Sweeping(session);
  }

  get #state() {
    return this.#session.state.training;
  }

  /** @param {Partial<TrainingState>} patch */
  #set(patch) {
    this.#session.store.set({ training: { ...this.#state, ...patch } });
  }

  /** @param {Partial<CurrentTraining>} patch */
  #update(patch) {
    const { current } = this.#state;
    if (current) this.#set({ current: { ...current, ...patch } });
  }

  /** @param {Partial<Settings>} patch */
  choose(patch) {
    this.#set({ settings: { ...this.#state.settings, ...patch } });
    void this.plan();
  }

  /** @param {boolean} live whether the image shows what the network makes of it now */
  show(live) {
    this.#set({ live });
    if (live && this.#state.phase === 'paused') void this.#looking.now(this.#stop.signal, this.#run);
  }

  /** Asks how large patches would be. */
  plan() {
    return this.#planning.ask();
  }

  /** What the model will be called unless a person says otherwise. */
  suggestedName() {
    return suggestedName(this.#session, this.#state.settings.preset !== null);
  }

  /** Begins a training; its end is in the state. */
  start() {
    return this.#begin(null);
  }

  /** Takes a training of an earlier session up: it stands still until it is resumed; one that was over is over again. @param {import('../keeping/training.js').TrainingBack} kept */
  async restoreTraining(kept) {
    void this.#begin(kept);
  }

  /** @param {import('../keeping/training.js').TrainingBack | null} kept @param {string} [again] the model of one that goes on at once after it failed */
  async #begin(kept, again) {
    const session = this.#session;
    const { constants } = session.state;
    // One that was begun is taken up whatever became of its labels meanwhile.
    if (learns(this.#state) || !constants || (kept ? unready : obstacle)(session.state)) return;
    if (kept) this.#set({ settings: { ...this.#state.settings, ...kept.options.settings } });
    const item = session.current ?? session.state.items[0];
    // What no model was made for is learnt best by one that knows edges already.
    const base = session.models.for(item) ?? item.suggestion?.other ?? null;
    const settings = settled(this.#state.settings, constants);
    this.#wanted = settings.name;
    this.#choices = session.models.choices();
    const over = kept?.over;
    const made = over && session.models.byId(over.modelId);
    const modelId = made?.id ?? again ?? `taught-${++this.#own}`;
    const name = made?.title || settings.name.trim() || this.suggestedName();
    const current = newTraining(
      modelId,
      settings.preset !== null,
      kept?.steps ?? settings.steps,
      kept?.options.labels ?? labelsOf(session.state.labelling),
    );
    this.sweep.forget();
    // There is room for one training; that of before is a model by now.
    if (!kept) this.#lasting.drop();
    if (!again) this.#lasting.last = null;
    this.#set({ phase: 'preparing', current, settings: { ...this.#state.settings, name } });
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#looking.anew();
    this.#back = over ?? null;
    try {
      const app = await session.app;
      await this.#run?.close().catch(() => {});
      this.#run = null;
      const { classes } = session.state.labelling;
      const { samples, objects, notes } = await samplesOf(session, settings.objects);
      if (notes.length > 0) this.#update({ notes });
      await session.segmenting.idle();
      if (settings.preset === null && base) await session.models.use(base, () => {});
      // From here on nothing may put another model into the engine.
      session.models.hold(base);
      const run = app.train({
        ...requestOf(settings),
        objects,
        samples: samples.length > 0 ? samples : unlabelled(session.state),
        signal,
        title: name,
        steps: current.steps,
        stay: true,
        ...(classes.length > 0 ? { classes } : {}),
        onProgress: (progress) => this.#heard(run, progress),
        onAgain: (again) => this.#again(again),
        onValidate: (validating) => this.#update({ validating }),
        onUse: (card) => this.#inUse(card),
        onState: (now) => this.#told(run, now, { settings, labels: current.labels }),
        ...(kept ? { resume: kept.state, points: kept.points } : {}),
      });
      this.#run = run;
      if (kept && !again) run.pause();
      await this.#await(run.finished);
      if (over && over.at !== null && this.#state.phase === 'over') {
        await run.rollback(over.at);
        this.#sync();
      }
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#back = null;
    }
    if (over && this.#state.phase === 'over') await this.#looking.look();
  }

  /** Where it stands, for the next session. @param {import('../../training/run.js').Run} run @param {{ step: number, state: Uint8Array }} now @param {Record<string, unknown>} options */
  #told(run, now, options) {
    const { phase, current } = this.#state;
    if (run !== this.#run || !current) return;
    // The end of the curve stays when a person looks at an earlier point.
    if (phase === 'over') return this.#lasting.over(current, this.#at(now.step));
    this.#lasting.under(current, run, { ...now, options });
  }

  /** Where it stands once it is over, for the next session; null: at its best. @param {number} step */
  #at(step) {
    return this.#back ? this.#back.at : step === this.#run?.best?.step ? null : step;
  }

  /** @param {Promise<import('../../training/run.js').TrainingResult>} finished */
  async #await(finished) {
    const session = this.#session;
    try {
      const { ended, loss } = await finished;
      this.#sync();
      if (loss.length === 0) return await this.#nothing();
      this.#set({ phase: 'ending' });
      // The model of one that was over before is there already.
      if (!this.#back) await this.#model.keep();
      this.#over(this.#back?.ended ?? ended);
    } catch (thrown) {
      const error = InsituError.from(thrown);
      if (error.code !== 'train.diverged' || !this.#run) return this.#failed(error);
      this.#sync();
      const { begun } = this.#run;
      // The next try begins with what helps most often.
      if (begun) this.#set({ settings: { ...this.#state.settings, learningRate: gentler(begun.learningRate) } });
      await this.#model.keep().catch((reason) => session.fail(reason));
      this.#over('diverged');
    }
  }

  /** It was stopped before the first step: as if it had not been begun. */
  async #nothing() {
    const session = this.#session;
    const { current, settings } = this.#state;
    session.models.hold(null);
    this.#lasting.drop();
    if (this.#choices) session.models.putBack(this.#choices);
    if (current) session.models.drop(current.modelId);
    const run = this.#run;
    this.#run = null;
    this.#set({ phase: 'idle', current: null, settings: { ...settings, name: this.#wanted } });
    await run?.close();
    if (session.current) void session.segmenting.wanted(session.current);
  }

  /** @param {NonNullable<CurrentTraining['ended']>} ended */
  #over(ended) {
    const session = this.#session;
    session.models.hold(null);
    this.#update({ ended });
    this.#set({ phase: 'over' });
    // Its points and its curve are kept beside the model that came out, until another training begins.
    const { current } = this.#state;
    if (current) this.#lasting.over(current, this.#at(this.#run?.at ?? 0));
    this.#planning.learn(current);
    if (this.#back) return;
    session.announce(t(`train.ended.${ended}`, { rate: String(this.#state.settings.learningRate ?? '') }));
    void this.#looking.look();
  }

  /** @param {unknown} thrown */
  #failed(thrown) {
    const session = this.#session;
    const error = InsituError.from(thrown);
    session.models.hold(null);
    if (this.#state.current?.validations.length || this.#state.current?.loss.length) {
      this.#update({ ended: 'failed', points: [] });
      this.#set({ phase: 'over' });
      // What the engine starts with again is the network of the last validation.
      void this.#model.keep().catch((reason) => session.journal.note(`training ${String(reason)}`));
    } else {
      this.#set({ phase: 'idle', current: null, settings: { ...this.#state.settings, name: this.#wanted } });
    }
    // Of one that was over before its model is there in any case.
    if (!this.#back) session.fail(error);
  }

  /** @param {import('../../training/run.js').Run} run @param {import('../../api.d.ts').TrainingProgress} progress */
  #heard(run, progress) {
    if (run !== this.#run) return;
    const before = this.#state.current;
    this.#sync();
    const { steps, stepsPerSecond, secondsPerStep, secondsLeft } = progress;
    this.#update({ steps, stepsPerSecond, secondsPerStep, secondsLeft });
    if (this.#state.phase === 'preparing') this.#set({ phase: run.paused ? 'paused' : 'running' });
    const { current } = this.#state;
    if (current?.worse && current.worse !== before?.worse) this.#session.announce(t(`train.worse.${current.worse}`));
    const still = () => run === this.#run && this.#state.phase === 'running' && !this.#stop.signal.aborted;
    void this.#looking.chance(run, still);
  }

  /** Takes over what the run knows. */
  #sync() {
    const run = this.#run;
    if (run) this.#update(whatIsKnown(run));
  }

  /** @param {import('../../api.d.ts').Again} again */
  #again({ code, step, batch, patch, smaller }) {
    const { current } = this.#state;
    if (!current) return;
    const key = smaller ? 'train.note.smaller' : code === 'device.lost' ? 'train.note.lost' : 'train.note.again';
    this.#sync();
    this.#update({ notes: [...current.notes, { key, values: { step, batch, patch } }] });
    this.#session.announce(t(key, { step, batch, patch }));
  }

  /** The engine holds the network as it is now. @param {import('../../insitu.js').Card} card */
  #inUse(card) {
    const session = this.#session;
    const { current } = this.#state;
    if (!current) return;
    this.#model.inUse(current.modelId, card, this.#back !== null);
    if (learns(this.#state)) session.models.hold(current.modelId);
    if (this.#state.phase === 'preparing' && this.#run?.paused && (this.#run.at > 0 || !this.#back)) {
      this.#sync();
      // One that was over ends again, where it did.
      if (this.#back) return this.#stop.abort();
      this.#set({ phase: 'paused' });
    }
    if (this.#back) return;
    if (session.state.preferred !== current.modelId) session.models.preferForAll(current.modelId);
  }

  pause() {
    if (this.#state.phase !== 'running') return;
    this.#run?.pause();
    this.#set({ phase: 'paused' });
    void this.#looking.now(this.#stop.signal, this.#run);
  }

  resume() {
    if (this.#state.phase !== 'paused') return;
    this.#set({ phase: 'running' });
    this.#run?.resume();
  }

  /** Ends it; the best network so far, or the point that was gone back to, stays. */
  cancel() {
    if (!learns(this.#state)) return;
    this.#set({ phase: 'ending' });
    this.#stop.abort();
  }

  /** To a checkpoint: weights, prediction and curve follow. A running training stands still there. @param {number} step */
  async rollback(step) {
    const run = this.#run;
    const session = this.#session;
    if (!run || this.#state.phase === 'ending' || this.#state.phase === 'preparing') return;
    this.pause();
    try {
      await run.rollback(step);
      this.#sync();
      if (this.#state.phase === 'over') await this.#model.keep();
      session.announce(t('train.back', { step: run.at }));
      await this.#looking.look();
    } catch (error) {
      // The points were in an engine that has stopped meanwhile.
      if (InsituError.from(error).code === 'train.none')
        this.#update({ points: [], notes: [{ key: 'train.note.gone', values: {} }] });
      else session.fail(error);
    }
  }

  /** Goes on after the end, from the point that is in use. @param {number} steps */
  async more(steps) {
    const run = this.#run;
    const { current } = this.#state;
    if (!run || !current || this.#state.phase !== 'over') return;
    if (current.ended === 'failed') {
      // Its engine is gone; the state of the last validation is not.
      const { last } = this.#lasting;
      if (last) await this.#begin({ ...last, points: [], steps: last.step + steps, over: null }, current.modelId);
      return;
    }
    this.sweep.forget();
    this.#stop = new AbortController();
    this.#session.models.hold(current.modelId);
    this.#update({ ended: null, steps: current.at + steps });
    this.#set({ phase: 'running' });
    try {
      await this.#session.models.use(current.modelId, () => {});
      const finished = run.more(steps, { signal: this.#stop.signal });
      // A person may have thought better of it while the model came.
      if (this.#session.state.training.phase === 'paused') run.pause();
      await this.#await(finished);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Whether one that failed can go on. */
  get rescuable() {
    return this.#lasting.last !== null;
  }

  /** The last training makes room for another one, which goes on from its model. */
  async close() {
    const run = this.#run;
    if (!run || this.#state.phase !== 'over') return;
    this.#run = null;
    this.#lasting.drop();
    this.#set({ phase: 'idle', current: null, settings: { ...this.#state.settings, preset: null, name: '' } });
    await run.close().catch((error) => this.#session.fail(error));
    void this.plan();
  }

  /** @param {string} name of the model */
  async rename(name) {
    this.#set({ settings: { ...this.#state.settings, name } });
    const { current } = this.#state;
    if (this.#state.phase !== 'over' || !current || !name.trim()) return;
    try {
      await this.#session.models.use(current.modelId, () => {});
      await this.#model.keep();
    } catch (error) {
      this.#session.fail(error);
    }
  }

  /** The file of the trained model. @returns {File | null} */
  file() {
    return this.#model.file();
  }
}
