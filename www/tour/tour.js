/** The guided tour: six steps on the samples, each something that a person does. What was open stays as it is. */
import { t } from '../strings/t.js';
import { whenReleased } from '../elements/dom.js';
import { learns } from '../session/training/state.js';
import { Bar } from './bar.js';
import { STEPS, STROKES, strokes } from './steps.js';

/** How long “Done” is seen before the next step, ms. */
const PAUSE = 900;

/** @type {Tour | null} */
let running = null;

/** @param {import('../session/session.js').Session} session */
export function startTour(session) {
  if (running) return running.again();
  // A training has the engine to itself, and what it learns from is not to be mixed with samples.
  if (learns(session.state.training)) return session.say(t('tour.busy'));
  running = new Tour(session);
}

class Tour {
  #session;
  #bar = new Bar();
  #at = -1;
  /** @type {import('./steps.js').Course} */
  #course = { passed: new Map(), item: null };
  #phase = '';
  /** Samples that it has opened. @type {number[]} */
  #samples = [];
  #choices;
  #end;
  #watcher;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;
  #language = '';

  /** @param {import('../session/session.js').Session} session */
  constructor(session) {
    this.#session = session;
    this.#choices = session.models.choices();
    this.#bar.settle();
    this.#enter(0);
    this.#end = session.store.within(() =>
      session.store.on(
        [
          'items',
          'currentId',
          'mask',
          'maskShown',
          'threshold',
          'inside',
          'training',
          'labelling',
          'tool',
          'panel',
          'language',
        ],
        () => this.#look(),
      ),
    );
    // Views come and go, and with them what is pointed at.
    /** @type {ReturnType<typeof setTimeout> | null} */
    let late = null;
    this.#watcher = new MutationObserver(() => {
      late ??= setTimeout(() => {
        late = null;
        if (running === this) this.#settle(false);
      }, 50);
    });
    const attributeFilter = ['hidden', 'open', 'disabled'];
    const changes = { childList: true, characterData: true, attributes: true, attributeFilter };
    this.#watcher.observe(document.body, { ...changes, subtree: true });
    this.#bar.focus();
  }

  /** Somebody asks for it who has it already. */
  again() {
    this.#bar.focus();
  }

  get #step() {
    return STEPS.at(this.#at);
  }

  /** @param {number} at */
  #enter(at) {
    clearTimeout(this.#next);
    this.#next = undefined;
    this.#at = at;
    this.#phase = '';
    this.#course = { passed: new Map(), item: null };
    if (at >= STEPS.length) return this.#over();
    this.#offer();
    this.#session.display.open(STEPS[at].panel);
    if (this.#session.state.panelFolded) this.#session.display.fold('panelFolded');
    this.#look();
  }

  #offer() {
    this.#language = this.#session.state.language;
    this.#bar.offer([
      { words: 'tour.show', does: () => this.#show() },
      { words: 'tour.skip', does: () => this.#enter(this.#at + 1) },
      { words: 'tour.end', does: () => this.#close(false) },
    ]);
  }

  /** How far the step is. */
  #look() {
    const step = this.#step;
    const { state } = this.#session;
    if (state.language !== this.#language) return this.#retell();
    if (!step || this.#next !== undefined) return;
    if (step.sample && this.#course.item === null && state.inside.part === null) this.#open(step.sample, step.panel);
    const phase = step.phase(state, this.#course);
    const anew = phase !== this.#phase;
    if (anew && !this.#course.passed.has(phase)) this.#course.passed.set(phase, { ...state });
    const first = this.#phase === '';
    this.#phase = phase;
    this.#tell(step, anew, first);
    if (phase !== 'done') return;
    this.#next = setTimeout(() => whenReleased(() => running === this && this.#enter(this.#at + 1)), PAUSE);
  }

  /** @param {import('./steps.js').Step} step @param {boolean} anew @param {boolean} first whether it has only begun */
  #tell({ id }, anew, first) {
    const done = this.#phase === 'done';
    const place = t('tour.progress', { step: this.#at + 1, all: STEPS.length });
    const now = done ? t('tour.done') : this.#toDo(id);
    const said = { title: t(`tour.${id}.title`), why: t(`tour.${id}.why`), now, progress: place };
    this.#bar.say({ ...said, done });
    if (anew) this.#session.announce(first ? t('tour.said', said) : now);
    this.#settle(anew);
  }

  /** What is to be done next, with the names that controls have. @param {string} id */
  #toDo(id) {
    const common = ['wait', 'open', 'tab'].includes(this.#phase);
    const tab = { tiles: 'tiles', skip: 'network', borders: 'borders' }[id] ?? 'tiles';
    const count = Math.min(strokes(this.#session.state, this.#course), STROKES);
    return t(common ? `tour.now.${this.#phase}` : `tour.${id}.${this.#phase}`, {
      ...{ mask: t('mask.shown'), reach: t('inside.reach'), threshold: t('threshold.label'), inside: t('inside.open') },
      ...{ tab: t(`inside.tab.${tab}`), block: t('inside.name.up', { level: 1 }), background: t('label.background') },
      ...{
        brush: t('label.tool.brush'),
        train: t('panel.train-tab'),
        start: t('train.start'),
        again: t('train.again'),
      },
      ...{ strokes: t('tour.strokes', { count, all: STROKES }), cancel: t('train.cancel') },
    });
  }

  /** @param {boolean} anew */
  #settle(anew) {
    this.#bar.settle();
    this.#bar.point(this.#step?.spots[this.#phase], anew);
  }

  /** Opens a sample as one more file. @param {{ name: string, model: string | null }} sample @param {import('../session/state.js').Panel} panel */
  async #open({ name, model }, panel) {
    const course = this.#course;
    // Until it has its number, nobody opens it again.
    course.item = -1;
    const id = await this.#session.files.addSample(name, model);
    if (id === null) return;
    course.item = id;
    this.#samples.push(id);
    if (running !== this) return;
    this.#session.display.open(panel);
    this.#look();
  }

  #show() {
    const { display, state } = this.#session;
    const step = this.#step;
    if (!step) return;
    if (state.panelFolded) display.fold('panelFolded');
    if (['hide', 'show', 'move', 'open', 'brush', 'paint', 'both'].includes(this.#phase)) display.open(step.panel);
    if (['again', 'start', 'watch'].includes(this.#phase)) display.open('train');
    // Listeners of the store come first.
    setTimeout(() => {
      this.#settle(true);
      this.#bar.goThere();
    });
  }

  #over() {
    const said = { title: t('tour.over.title'), why: t('tour.over.why'), now: t('tour.over.now') };
    this.#language = this.#session.state.language;
    this.#bar.say({ ...said, progress: '', done: false });
    this.#bar.offer([
      { words: 'tour.over.remove', primary: true, does: () => this.#close(true) },
      { words: 'tour.over.keep', does: () => this.#close(false) },
    ]);
    this.#settle(false);
    this.#session.announce(t('tour.over.said', said));
  }

  #retell() {
    if (this.#at >= STEPS.length) return this.#over();
    this.#offer();
    const step = this.#step;
    if (step) this.#tell(step, false, false);
  }

  /** @param {boolean} removing whether its samples go, too */
  #close(removing) {
    clearTimeout(this.#next);
    running = null;
    this.#end();
    this.#watcher.disconnect();
    this.#bar.end();
    const { state, models, files, segmenting } = this.#session;
    const taught = state.training.current?.modelId ?? null;
    // What a sample taught is for the samples: other files, and those to come, get the models that they had.
    if (!learns(state.training) && state.preferred !== this.#choices.preferred) {
      const chosen = state.items.map(
        ({ id, modelId }) =>
          /** @type {const} */ ([id, this.#samples.includes(id) ? taught : (this.#choices.files.get(id) ?? modelId)]),
      );
      models.putBack({ ...this.#choices, files: new Map(chosen) });
    }
    if (removing) files.removeAll(this.#samples);
    const item = this.#session.current;
    if (item?.scan && !learns(state.training)) void segmenting.wanted(item);
  }
}
