/** The model that comes out of a training, and its file. */
import { fileStem } from './names.js';

export class TaughtModel {
  #session;

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  get #known() {
    const { course } = this.#session.state.teaching;
    return course ? this.#session.models.byId(course.modelId) : null;
  }

  /** The model of the list gets the file of what is in use now. */
  async keep() {
    const session = this.#session;
    const known = this.#known;
    if (!known) return;
    const app = await session.app;
    const title = session.state.teaching.settings.name.trim() || known.title;
    const card = title === known.card?.title ? known.card : await app.nameModel(title);
    const blob = await app.saveModel();
    session.models.taught({ ...known, title, card, file: new File([blob], `${fileStem(title)}.safetensors`), sizeBytes: blob.size });
  }

  /** @returns {File | null} */
  file() {
    const made = this.#known?.file;
    return made instanceof File && made.size > 0 ? made : null;
  }
}
