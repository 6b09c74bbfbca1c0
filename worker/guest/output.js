// What a guest prints, on the console: line by line, and not without end.

/** So many lines of a guest are shown, each of so many characters. */
export const MOST_LINES = 1000;
export const MOST_LETTERS = 2000;

/** The lines of a guest's standard output and of its standard error. */
export class Output {
  #lines = 0;
  #console;
  #open = { log: '', warn: '' };
  #decoders = { log: new TextDecoder(), warn: new TextDecoder() };

  /** @param {Pick<Console, 'log' | 'warn'>} [shown] */
  constructor(shown = console) {
    this.#console = shown;
  }

  /** Takes bytes in, and gives how many. */
  write(level, bytes) {
    const lines = this.#decoders[level].decode(bytes, { stream: true }).split('\n');
    for (const [index, part] of lines.entries()) {
      // What is too long for a line is not kept until the line ends.
      this.#open[level] = (this.#open[level] + part).slice(0, MOST_LETTERS);
      if (index < lines.length - 1) this.#show(level);
    }
    return bytes.length;
  }

  #show(level) {
    const line = this.#open[level];
    this.#open[level] = '';
    this.#lines += 1;
    if (this.#lines <= MOST_LINES) this.#console[level](line);
    else if (this.#lines === MOST_LINES + 1) {
      this.#console.warn(`palaestra: this guest has printed ${MOST_LINES} lines; what else it prints is not shown`);
    }
  }
}
