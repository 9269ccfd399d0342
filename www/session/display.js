/** How the image and the page are seen: the tool in hand, the panel that is open, what is folded away, the mask's looks, the zoom. */
import { t } from '../strings/t.js';
import { paints } from './labelling/state.js';
import { corrects } from './objects/state.js';
import { InsituError } from '../insitu.js';
import { chosen, memory, offered, take } from '../strings/languages.js';

/** @typedef {import('./state.js').Tool} Tool */

export class Display {
  #session;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
    session.store.on(['tool', 'items', 'currentId'], ({ tool }) => {
      // A colour image has no window: the tool would do nothing.
      if (tool === 'window' && session.current?.scan?.channels !== 1) this.use('pan');
    });
  }

  get #state() {
    return this.#session.state;
  }

  /** @param {Partial<import('./state.js').State>} patch */
  #set(patch) {
    this.#session.store.set(patch);
  }

  /** Takes a tool. One that paints brings its panel along, where one sees what it paints. @param {Tool} tool */
  use(tool) {
    this.#set({ tool, ...(paints(tool) ? { panel: 'label' } : corrects(tool) ? { panel: 'results' } : {}) });
  }

  /** Keys move a cursor over the image. @param {boolean} [on] without it, the other way round */
  steer(on = !this.#state.keyCursor) {
    if (on === this.#state.keyCursor) return;
    this.#set({ keyCursor: on });
    this.#session.announce(t(on ? 'keyCursor.on' : 'keyCursor.off'));
  }

  /** @param {import('./state.js').Panel} panel */
  open(panel) {
    this.#set({ panel });
  }

  /** Folds one of the two sides away, or shows it again. @param {'filesFolded' | 'panelFolded'} side */
  fold(side) {
    this.#set({ [side]: !this.#state[side] });
  }

  /** @param {boolean} [shown] without it, the other way round */
  showMask(shown = !this.#state.maskShown) {
    this.#set({ maskShown: shown });
  }

  /** @param {import('./state.js').State['maskStyle']} style */
  draw(style) {
    this.#set({ maskStyle: style });
  }

  /** A class of the model in use gets a colour. @param {number} value of the class, 1 and up @param {string} colour `#rrggbb` */
  paint(value, colour) {
    const { modelId, colours } = this.#state;
    if (!modelId) return;
    this.#set({ colours: { ...colours, [modelId]: { ...colours[modelId], [value]: colour } } });
    void this.#session.segmenting.overlay.repaint();
  }

  /** How opaque the mask's fill is. @param {number} opacity 0 to 1 */
  fade(opacity) {
    if (Number.isFinite(opacity)) this.#set({ opacity: Math.min(Math.max(opacity, 0), 1) });
  }

  /** @param {number} value of a class, 1 and up @param {boolean} shown */
  showClass(value, shown) {
    const others = this.#state.hidden.filter((other) => other !== value);
    this.#set({ hidden: shown ? others : [...others, value] });
  }

  /** Tells how large the image is drawn. @param {number} zoom pixels of the screen for one of the image */
  zoomed(zoom) {
    this.#set({ zoom });
  }

  /** Another language from now on. @param {import('../strings/languages.js').Language} language */
  async speak(language) {
    if (await this.#take(language)) memory(language);
  }

  /** Only those of a list are offered: the first of them that a person wants, or else has, is spoken. @param {string[]} names */
  async keepTo(names) {
    const language = chosen(location, memory(), navigator.languages, offered(names));
    if (names.length === 0 || language === this.#state.language) return;
    await this.#take(language);
  }

  /** Whether its words came; one that is wanted later than this may be spoken by then. @param {import('../strings/languages.js').Language} language */
  async #take(language) {
    try {
      if (await take(language)) {
        this.#session.models.retell();
        this.speaks(language);
      }
      return true;
    } catch (error) {
      this.#session.fail(InsituError.of('language.fetch', 'io', error));
      return false;
    }
  }

  /** Which language the words are in. @param {string} language */
  speaks(language) {
    this.#set({ language: /** @type {import('../strings/languages.js').Language} */ (language) });
  }

  /** Takes the notice away. */
  dismiss() {
    this.#set({ notice: null });
  }
}
