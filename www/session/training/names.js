/** What a trained model and its file are called. */
import { t } from '../../strings/t.js';

/**
 * After the model that it goes on from, and the image that is shown.
 * @param {import('../session.js').Session} session @param {boolean} fresh whether the network knows nothing yet
 */
export function suggestedName(session, fresh) {
  const item = session.current;
  const id = item && session.models.for(item);
  const base = (id && session.models.byId(id)?.title) || t('train.name.model');
  // A model is passed on, and so is its name.
  const named = session.state.withoutIdentity ? '' : item?.name.replace(/(\.nii|\.ome)?\.[^.]*$/, '');
  const image = named || t('train.name.image');
  // A model that is trained again does not get a longer name each time.
  const root = fresh ? t('train.name.new') : base.split(t('train.name.joint'))[0];
  return `${root}${t('train.name.joint')}${image}`;
}

/** A name of a file that every system takes. @param {string} title */
export function fileStem(title) {
  return (
    title
      .normalize('NFC')
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 80) || 'model'
  );
}
