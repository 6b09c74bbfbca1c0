// Which keys of a game fingers and game controllers need: one for each thing that there is to do.

/** @typedef {{ keys: string, action?: unknown, label?: string }} Binding a chord of `KeyboardEvent.code`s, and what it does */
/** @typedef {{ code: string, label: string }} Control */
/** @typedef {'up' | 'left' | 'right' | 'down'} Way */
/** @typedef {{ cross: { [way in Way]?: Control }, buttons: Control[] }} Controls */

/** Keys that lie as the ways they lead, best first. @type {Record<Way, string>[]} */
const crosses = [
  { up: 'ArrowUp', left: 'ArrowLeft', right: 'ArrowRight', down: 'ArrowDown' },
  { up: 'KeyW', left: 'KeyA', right: 'KeyD', down: 'KeyS' },
  { up: 'KeyI', left: 'KeyJ', right: 'KeyL', down: 'KeyK' },
  { up: 'Numpad8', left: 'Numpad4', right: 'Numpad6', down: 'Numpad5' },
];

/**
 * The keys that one person's bindings come down to: a cross of those that lie as one, and a button for each of the others that does
 * something else. A key that only counts together with another is a button as well.
 *
 * @param {readonly Binding[]} bindings
 * @returns {Controls}
 */
export function controlsOf(bindings) {
  const codes = [...new Set(bindings.flatMap(({ keys }) => keys.split('+')))];
  const alone = new Map(bindings.filter(({ keys }) => !keys.includes('+')).map((binding) => [binding.keys, binding]));
  const labelOf = (code) => alone.get(code)?.label ?? code.replace(/^(Key|Digit|Numpad)/, '');
  const control = (code) => ({ code, label: labelOf(code) });
  const found = crosses.find((cross) => Object.values(cross).filter((code) => codes.includes(code)).length > 1);
  const cross = Object.fromEntries(
    Object.entries(found ?? {}).flatMap(([way, code]) => (codes.includes(code) ? [[way, control(code)]] : [])),
  );
  const inCross = new Set(Object.values(cross).map(({ code }) => code));
  const done = new Set([...inCross].map((code) => sense(alone.get(code))));
  const buttons = [];
  for (const code of codes.filter((code) => !inCross.has(code))) {
    const own = sense(alone.get(code) ?? { keys: code });
    if (done.has(own)) continue;
    done.add(own);
    buttons.push(control(code));
  }
  return { cross, buttons };
}

/** Whether there is an action for a way to the side and one up or down at once. */
export function chordsOfWays(bindings, cross) {
  const codes = (...ways) => ways.flatMap((way) => cross[way]?.code ?? []);
  const [sides, heights] = [codes('left', 'right'), codes('up', 'down')];
  return bindings.some(({ keys }) => {
    const held = keys.split('+');
    return sides.some((code) => held.includes(code)) && heights.some((code) => held.includes(code));
  });
}

/** What a binding does, to find two that do the same. */
const sense = (binding) =>
  JSON.stringify(binding?.action ?? binding?.keys ?? null, (_, value) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
