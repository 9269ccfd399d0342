/** The last things that happened, for the diagnostics; without the names of files, which may be names of patients. */
export class Journal {
  /** @type {string[]} */
  lines = [];
  /** @type {Set<string>} */
  #names = new Set();

  /** From now on the name is left out. @param {string} name */
  hide(name) {
    if (name) this.#names.add(name);
  }

  /** @param {string} text */
  without(text) {
    // The longest first: one name may be a part of another.
    const names = [...this.#names].sort((a, b) => b.length - a.length);
    return names.reduce((rest, name) => rest.replaceAll(name, '…'), text);
  }

  /** @param {string} line */
  note(line) {
    this.lines.push(`${new Date().toISOString()} ${this.without(line)}`);
    if (this.lines.length > 60) this.lines.shift();
  }
}
