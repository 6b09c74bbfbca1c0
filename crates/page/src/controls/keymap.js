// Which key of the keyboard stands for which key of the game. Knows no browser, but for a place to keep it, which may be missing or full.

/** Keys that browsers and screen readers need, and what has no key's name. What is pressed with Ctrl, Alt or Meta is a command to them, and no key of a game's. */
const RESERVED = new Set([
  ...['Control', 'Alt', 'Meta'].flatMap((key) => [`${key}Left`, `${key}Right`]),
  ...['Escape', 'Tab', 'ContextMenu', 'CapsLock', 'F5', 'F11', 'F12', 'Unidentified', ''],
]);

export class Keymap {
  /** The keyboard's key of each of the game's. @type {Map<string, string>} */
  #keys;
  #codes;
  #store;
  #name;
  /** Keys that are nobody's to choose here. */
  #refused;

  /**
   * @param {readonly string[]} codes the game's
   * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined} store
   * @param {string} name by which it is kept
   * @param {Iterable<string>} [others] codes of other people at the same keyboard
   */
  constructor(codes, store, name, others = []) {
    this.#codes = codes;
    this.#store = store;
    this.#name = name;
    this.#refused = new Set([...RESERVED, ...others]);
    this.#keys = new Map(codes.map((code) => [code, code]));
    this.#recall();
  }

  /** The game's keys, each with the keyboard's. */
  get entries() {
    return [...this.#keys];
  }

  /** Whether every key is where it was. */
  get usual() {
    return this.entries.every(([code, key]) => code === key);
  }

  /** What a key of the keyboard stands for: itself where nobody has changed it, nothing where its place was taken. */
  meaning(key) {
    const found = this.entries.find(([, own]) => own === key);
    if (found) return found[0];
    return this.#keys.has(key) ? undefined : key;
  }

  /**
   * Gives a key of the game another one of the keyboard; whose that was gets the old one.
   *
   * @returns {{ refused: true } | { swapped?: string }}
   */
  assign(code, key) {
    if (this.#refused.has(key) || !this.#keys.has(code)) return { refused: true };
    const before = /** @type {string} */ (this.#keys.get(code));
    const [swapped] = this.entries.find(([other, own]) => own === key && other !== code) ?? [];
    if (swapped !== undefined) this.#keys.set(swapped, before);
    this.#keys.set(code, key);
    this.#keep();
    return swapped === undefined ? {} : { swapped };
  }

  reset() {
    for (const code of this.#codes) this.#keys.set(code, code);
    this.#keep();
  }

  #keep() {
    try {
      if (this.usual) this.#store?.removeItem(this.#name);
      else this.#store?.setItem(this.#name, JSON.stringify(Object.fromEntries(this.#keys)));
    } catch {
      // They count for this game, and are forgotten with the page.
    }
  }

  /** What was kept, if it still makes sense: somebody else may have written it. */
  #recall() {
    let kept;
    try {
      kept = JSON.parse(this.#store?.getItem(this.#name) ?? 'null');
    } catch {
      return;
    }
    if (typeof kept !== 'object' || kept === null) return;
    const keys = this.#codes.map((code) => kept[code]);
    const whole = keys.every((key) => typeof key === 'string' && key.length <= 32 && !this.#refused.has(key));
    if (!whole || new Set(keys).size !== keys.length) return;
    this.#codes.forEach((code, place) => {
      this.#keys.set(code, keys[place]);
    });
  }
}
