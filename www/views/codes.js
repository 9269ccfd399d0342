/** What classes are in the patient: a choice for each, which files for an archive hold as a code. */
import { chooseCode, chosenCodes, saidCodes } from '../session/codes.js';
import { fill, h } from '../elements/dom.js';
import { className } from '../strings/engine.js';
import { t } from '../strings/t.js';

/** @typedef {import('../session/session.js').Session} Session */

/** @param {Session} session */
export function codeChoice(session) {
  const list = h('ul', { class: 'code-rows' });
  let shown = '';
  const options = () => {
    const [unknown, ...others] = session.state.constants?.properties ?? [];
    const sorted = others.sort((a, b) => a.meaning.localeCompare(b.meaning, 'en'));
    return (unknown ? [unknown, ...sorted] : []).map(({ id, meaning }) => h('option', { value: id }, meaning));
  };
  const row = (/** @type {string} */ name, /** @type {string} */ chosen) => {
    const select = h(
      'select',
      { 'aria-label': t('codes.of', { name }), onchange: () => chooseCode(session, name, select.value) },
      options(),
    );
    if (chosen) select.value = chosen;
    return {
      name,
      chosen,
      select,
      line: h('li', {}, h('span', { class: 'ellipsis', title: className(name) }, className(name)), select),
    };
  };
  return {
    list,
    /** @param {{ name: string }[]} classes */
    show(classes) {
      const names = [...new Set(classes.map(({ name }) => name))];
      const codes = chosenCodes(
        session.state,
        names.map((name) => ({ name })),
      );
      const now = JSON.stringify([names, codes]);
      if (now === shown) return;
      shown = now;
      const rows = names.map((name, i) => row(name, codes[i]));
      fill(
        list,
        rows.map(({ line }) => line),
      );
      void saidCodes(session, names).then(
        (said) => rows.forEach(({ chosen, select }, i) => chosen || (select.value = said[i])),
        () => {},
      );
    },
  };
}
