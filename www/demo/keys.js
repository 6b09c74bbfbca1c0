// Keys as a person sees them: caps with what is printed on them, by seat and by what they do.

const printed = new Map([
  ['ArrowUp', '↑'],
  ['ArrowDown', '↓'],
  ['ArrowLeft', '←'],
  ['ArrowRight', '→'],
  ['Space', 'Space'],
  ['Enter', 'Enter'],
  ['ShiftLeft', 'Shift'],
  ['ShiftRight', 'right Shift'],
  ['ControlLeft', 'Ctrl'],
  ['Tab', 'Tab'],
  ['Backspace', 'Backspace'],
]);
const spoken = new Map([
  ['ArrowUp', 'up arrow'],
  ['ArrowDown', 'down arrow'],
  ['ArrowLeft', 'left arrow'],
  ['ArrowRight', 'right arrow'],
  ['ShiftLeft', 'left Shift'],
]);
// Codes say where a key is; what is printed on it depends on the keyboard, which not every browser tells.
let layout = new Map();

/** Learns what is printed on this keyboard's keys. */
export async function learnLayout() {
  try {
    layout = (await navigator.keyboard?.getLayoutMap()) ?? layout;
  } catch {
    // In a frame it may be forbidden: then the caps are those of an American keyboard.
  }
}

function capText(code) {
  return printed.get(code) ?? layout.get(code)?.toUpperCase() ?? code.replace(/^(Key|Digit|Numpad)/, '');
}

const element = (tag, className, ...children) => {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
};

function cap(code) {
  const made = element('kbd', 'cap', capText(code));
  made.dataset.code = code;
  if (spoken.has(code)) made.title = spoken.get(code);
  return made;
}

/** A chord: caps that are held together. */
const chord = (keys) =>
  element('span', 'chord', ...keys.split('+').flatMap((code, i) => (i > 0 ? [' + ', cap(code)] : [cap(code)])));

/** With more caps than this a person finds nothing: then each action has the first of its keys only. */
const MOST_CAPS = 8;

/** What one seat's keys do, as elements. */
export function keyGroups(bindings) {
  const groups = new Map();
  const single = new Set(bindings.map(({ keys }) => keys).filter((keys) => !keys.includes('+')));
  for (const { keys, label } of bindings) {
    // Two keys at once that each do something do both: nobody has to be told.
    if (keys.includes('+') && keys.split('+').every((code) => single.has(code))) continue;
    if (!groups.has(label)) groups.set(label, { label, chords: [] });
    // The same key may stand there for an action of another kind.
    const { chords } = groups.get(label);
    if (!chords.includes(keys)) chords.push(keys);
  }
  const cross = ['up', 'left', 'down', 'right'].map((way) =>
    [...groups].find(([, { label }]) => label.toLowerCase() === way),
  );
  const made = [];
  const brief = [...groups.values()].flatMap(({ chords }) => chords).length > MOST_CAPS;
  if (cross.every(Boolean)) {
    cross.forEach(([name]) => groups.delete(name));
    made.push(
      element('span', 'group', crossOf(cross.map(([, { chords }]) => chords[0])), element('span', 'does', 'move')),
    );
  }
  for (const { label, chords } of groups.values()) {
    const alternatives = (brief ? chords.slice(0, 1) : chords).flatMap((keys, i) =>
      i > 0 ? [element('span', 'or', 'or'), chord(keys)] : [chord(keys)],
    );
    made.push(element('span', 'group', ...alternatives, element('span', 'does', label)));
  }
  return made;
}

/** Four keys as they lie on the keyboard. */
function crossOf(codes) {
  const cross = element('span', 'cross');
  codes.forEach((code, i) => {
    const key = cap(code);
    key.classList.add(['north', 'west', 'south', 'east'][i]);
    cross.append(key);
  });
  return cross;
}

/** Whether a code is one of the environment's keys. */
export const plays = (entry, code) =>
  entry.keys.some((seat) => seat.some(({ keys }) => keys.split('+').includes(code)));
