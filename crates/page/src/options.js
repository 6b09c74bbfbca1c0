// What callers give, looked at: names that nobody knows, and what may have been meant.

/** As much of a name as one needs to see that it is longer than any; comparing takes the product of the lengths. */
const LONGEST = 128;

/** Levenshtein's distance. */
function differences(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      next.push(Math.min(row[j] + Number(a[i] !== b[j]), row[j + 1] + 1, next[j] + 1));
    }
    row = next;
  }
  return row[b.length];
}

/**
 * The name that may have been meant, if one is near.
 *
 * @param {string} found
 * @param {string[]} names
 */
export function nearest(found, names) {
  if (found.length > LONGEST) return undefined;
  const wanted = found.toLowerCase();
  let [meant, least] = [/** @type {string | undefined} */ (undefined), 2 + Math.floor(wanted.length / 3)];
  for (const name of names) {
    const distance = differences(name.toLowerCase(), wanted);
    if (distance < least) [meant, least] = [name, distance];
  }
  return meant;
}

/** The end of a message about a name that nobody knows. */
export function meant(found, names) {
  const near = nearest(found, names);
  return near === undefined ? '' : ` (did you mean \`${near}\`?)`;
}

/** A value as an error message shows it; what JSON has not, by its type. */
export function shown(value) {
  let text;
  try {
    text = typeof value === 'bigint' ? `${value}n` : JSON.stringify(value);
  } catch {
    // It refers to itself, or its owner's code throws.
  }
  text ??= typeof value;
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/**
 * What is wrong with an object of options: it is none, or has a name that nobody knows. Nothing where all is right.
 *
 * @param {string} place
 * @param {unknown} options
 * @param {string[]} known
 */
export function optionProblem(place, options, known) {
  if (typeof options !== 'object' || options === null) return `${place}: expected an object, found ${shown(options)}`;
  const stranger = Object.keys(options).find((name) => !known.includes(name));
  if (stranger === undefined) return undefined;
  const expected = known.length > 0 ? `an option among ${known.join(', ')}` : 'no options';
  return `${place}: expected ${expected}; found \`${stranger}\`${meant(stranger, known)}`;
}

/** What is pressed together with these is a command to the browser, and never heard. */
const COMMAND = /^(Control|Alt|Meta)(Left|Right)$/;

/** The codes of keys that games are played with: https://www.w3.org/TR/uievents-code/ has all. */
const codes = () => [
  ...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ', (letter) => `Key${letter}`),
  ...Array.from('0123456789', (digit) => [`Digit${digit}`, `Numpad${digit}`]).flat(),
  ...['Up', 'Down', 'Left', 'Right'].map((way) => `Arrow${way}`),
  ...['Shift', 'Control', 'Alt', 'Meta'].flatMap((key) => [`${key}Left`, `${key}Right`]),
  ...'Space Enter Tab Escape Backspace Delete Insert Home End PageUp PageDown'.split(' '),
  ...'Backquote Minus Equal BracketLeft BracketRight Backslash Semicolon Quote Comma Period Slash'.split(' '),
];

/**
 * What is wrong with the code of a key, as the end of a message about it; nothing where all is right.
 *
 * @param {string} code
 */
export function codeProblem(code) {
  if (COMMAND.test(code)) return ', which is never heard';
  const near = codeMeant(code);
  return near && ` (did you mean \`${near}\`?)`;
}

/**
 * The code that may have been meant by one that is none of these. A page may have codes of its own, which no keyboard has, for
 * `press`: those that are near to none.
 *
 * @param {string} found
 */
function codeMeant(found) {
  const known = codes();
  if (known.includes(found) || /^(F\d|Numpad|Intl|Lang)/.test(found)) return undefined;
  if (found === ' ' || found === '') return 'Space';
  // The key's name in place of its code: `a`, `7`, `Left`.
  const named = known.find((code) => code.toLowerCase().replace(/^(key|digit|arrow)/, '') === found.toLowerCase());
  return named ?? nearest(found, known);
}
