/** The model that comes out of a training, and its file. */
import { fileStem } from './names.js';

export class TrainedModel {
  #session;

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  get #known() {
    const { current } = this.#session.state.training;
    return current ? this.#session.models.byId(current.modelId) : null;
  }

  /** The engine holds its network as it is now. @param {string} id @param {import('../../insitu.js').Card} card @param {boolean} back whether it comes back under the title that it had */
  inUse(id, card, back) {
    const known = this.#session.models.byId(id);
    this.#session.models.trained({
      id,
      title: (back && known?.title) || card.title,
      file: known?.file ?? new File([], ''),
      sizeBytes: 0,
      licence: card.licence ?? '',
      classes: card.classes,
      inputChannels: 0,
      summary: card.summary ?? '',
      card,
    });
  }

  /** The model of the list gets the file of what is in use now. */
  async keep() {
    const session = this.#session;
    const known = this.#known;
    if (!known) return;
    const app = await session.app;
    const title = session.state.training.settings.name.trim() || known.title;
    const card = title === known.card?.title ? known.card : await app.nameModel(title);
    const blob = await app.saveModel();
    session.models.trained({
      ...known,
      title,
      card,
      summary: card?.summary ?? known.summary,
      file: new File([blob], `${fileStem(title)}.safetensors`),
      sizeBytes: blob.size,
    });
  }

  /** @returns {File | null} */
  file() {
    const made = this.#known?.file;
    return made instanceof File && made.size > 0 ? made : null;
  }
}
