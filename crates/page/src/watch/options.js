// What `watch` was asked for, looked at before anything is begun.
import { optionProblem } from '../options.js';

const known = [
  'match',
  'server',
  'lobby',
  'token',
  'canvas',
  'resetOptions',
  'tween',
  'loadTimeout',
  'onStep',
  'onChange',
];

/** What is wrong, in words; nothing where it is all right. */
function problem(options) {
  const stranger = optionProblem('watch', options, known);
  if (stranger) return stranger;
  const texts = { match: [1, 128], server: [1, 2000], lobby: [1, 128], token: [1, 1000] };
  for (const [name, [least, most]] of Object.entries(texts)) {
    const value = options[name];
    if (value === undefined && name !== 'match') continue;
    if (typeof value !== 'string' || value.length < least || value.length > most) {
      return `${name}: expected a text of ${least} to ${most} characters, found ${value}`;
    }
  }
  const { canvas, tween, loadTimeout } = options;
  if (canvas !== undefined && !(canvas instanceof HTMLCanvasElement)) {
    return `canvas: expected a <canvas> element, found ${canvas}`;
  }
  if (tween !== undefined && typeof tween !== 'boolean') return `tween: expected true or false, found ${tween}`;
  if (loadTimeout !== undefined && !(loadTimeout > 0)) {
    return `loadTimeout: expected milliseconds above 0, found ${loadTimeout}`;
  }
  for (const name of ['onStep', 'onChange']) {
    if (options[name] !== undefined && typeof options[name] !== 'function') {
      return `${name}: expected a function, found ${options[name]}`;
    }
  }
  return undefined;
}

/** Throws what `refuse` makes of the first thing that is wrong. */
export function check(options, refuse) {
  const found = problem(options);
  if (found) throw refuse('bad_argument', found);
}
