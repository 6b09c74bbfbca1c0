// Keys by the names that people know them by.

const printed = new Map([
  ['ArrowUp', '↑'],
  ['ArrowDown', '↓'],
  ['ArrowLeft', '←'],
  ['ArrowRight', '→'],
  ['ShiftLeft', 'left Shift'],
  ['ShiftRight', 'right Shift'],
]);

/** @type {Map<string, string>} what is printed on letters, digits and signs: a code says where a key is. */
let layout = new Map();

/** Learns what is printed on this keyboard's keys, in browsers that tell. */
export async function learnLayout() {
  try {
    layout = (await /** @type {any} */ (navigator).keyboard?.getLayoutMap()) ?? layout;
  } catch {
    // Forbidden in some frames: the names are those of an American keyboard then.
  }
}

/** A key's name, from its `KeyboardEvent.code`. */
export function nameOf(code) {
  const plain = code.replace(/^(Key|Digit)/, '').replace(/^Numpad(?=.)/, 'number pad ');
  return printed.get(code) ?? layout.get(code)?.toUpperCase() ?? plain;
}
