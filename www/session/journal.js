/** The last things that happened, for the diagnostics. */
export class Journal {
  /** @type {string[]} */
  lines = [];

  /** @param {string} line */
  note(line) {
    this.lines.push(`${new Date().toISOString()} ${line}`);
    if (this.lines.length > 60) this.lines.shift();
  }
}
