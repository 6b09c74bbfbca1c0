// The bar below a game's picture: a script of its own, which only pages load that ask for it (`controls: true`).
import { bindingsOf, codesOfAll } from '../hands/bindings.js';
import { controlsOf } from '../hands/controls.js';
import { optionProblem } from '../options.js';
import { announce } from './announcer.js';
import { learnLayout } from './caps.js';
import { fullscreen, hasFullscreen } from './fullscreen.js';
import { Keymap } from './keymap.js';
import { openKeys } from './keys-dialog.js';
import { Pausing } from './pausing.js';
import { remap } from './remapping.js';
import { useSheet } from './sheet.js';
import { texts as defaults } from './texts.js';

/** How often the bar looks whether the page itself has paused the game. */
const LOOK_MS = 250;
/** How long the last announcement stays, in milliseconds: a screen reader needs a moment. */
const HEARD_MS = 3000;
const COUNTDOWN = 3;

const storage = () => {
  try {
    return localStorage;
  } catch {
    return undefined; // A frame that may keep nothing.
  }
};

/** What each of a person's keys does. @returns {Map<string, string>} */
export function labelsOf(bindings) {
  const { cross, buttons } = controlsOf(bindings);
  const labels = new Map([...Object.values(cross), ...buttons].map(({ code, label }) => [code, label]));
  // Keys that do what another does as well, and may be changed as well.
  for (const { keys, label } of bindings) {
    if (!keys.includes('+') && !labels.has(keys)) labels.set(keys, label ?? keys);
  }
  return labels;
}

/** Whether a stroke is the bar's: its buttons are pressed with Enter or Space, whatever these do in the game, and the dialog has every key. */
const isFor = (bar, { target, code }) =>
  target instanceof Element &&
  bar.contains(target) &&
  (/^(Enter|NumpadEnter|Space|Tab|Escape)$/.test(code) || target.closest('dialog') !== null);

/** An element of the bar's. */
function made(name, role, label = '') {
  const element = document.createElement('div');
  element.className = `palaestra-${name}`;
  element.setAttribute('role', role);
  if (label) element.setAttribute('aria-label', label);
  return element;
}

/** Adds a button to the bar. Whoever points goes on playing with the keys; whoever came by keys stays where they are. */
function addButton(bar, text, pressed) {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
  button.onclick = (event) => {
    pressed(button);
    if (event.detail > 0) button.blur();
  };
  bar.append(button);
  return button;
}

/** Shows the bar of a game; gives what takes it away. */
export function controls({ game, options, entry, seat, complain }) {
  const { canvas } = options;
  const given = options.controls === true ? {} : options.controls;
  const { pause = true, keys = true, fullscreen: full = true, countdown = COUNTDOWN, element } = given;
  const wrong = given.texts && optionProblem('controls.texts', given.texts, Object.keys(defaults));
  if (wrong) complain(wrong);
  const texts = { ...defaults, ...given.texts };
  const alone = !options.match;
  const dropSheet = useSheet();
  const bar = made('controls', 'group', texts.controls);
  const heard = made('heard', 'status');
  learnLayout();

  const look = () => {
    if (pauser) pauser.textContent = pausing.standing ? texts.resume : texts.pause;
  };
  const pausing = new Pausing(game, canvas, { alone, seconds: countdown, changed: () => look() });
  /** The keys are the game's again, Space and Enter among them. */
  const playOn = () => {
    const focused = document.activeElement;
    if (focused instanceof HTMLElement && bar.contains(focused)) focused.blur();
  };
  const toggle = () => {
    if (pausing.standing) playOn();
    pausing.toggle();
  };
  const pauser = alone && pause ? addButton(bar, texts.pause, toggle) : undefined;

  const labels = labelsOf(bindingsOf(options, entry, game.spec.agents, seat));
  const codes = [...labels.keys()];
  const others = [...codesOfAll(options, entry, game.spec.agents)].filter((code) => !labels.has(code));
  const keymap = new Keymap(codes, storage(), `palaestra keys of ${options.env}`, others);
  /** @type {(() => void) | undefined} */
  let closeDialog;
  const choose = (opener) => {
    if (closeDialog) return;
    const going = pausing.standStill();
    const closed = () => {
      closeDialog = undefined;
      if (!going || game.state !== 'playing') return opener.focus();
      playOn();
      pausing.goOn();
    };
    closeDialog = openKeys({ place: bar, keymap, labels, texts, closed });
  };
  if (keys && labels.size > 0) addButton(bar, texts.keys, choose);

  const wide = (on) => {
    if (widener) widener.textContent = on ? texts.leaveFullscreen : texts.fullscreen;
  };
  const screen = full && hasFullscreen() ? fullscreen(canvas, wide) : undefined;
  const widener = screen && addButton(bar, texts.fullscreen, screen.toggle);

  const ours = (event) => isFor(bar, event);
  bar.addEventListener('keydown', (event) => ours(event) && event.stopPropagation());
  if (element) element.append(bar);
  else (nextPads(canvas) ?? canvas).after(bar);
  bar.after(heard);
  const unmap = remap({ game, keymap, ours });
  const hush = announce(game, heard, texts);
  const timer = setInterval(look, LOOK_MS);
  look();

  return () => {
    clearInterval(timer);
    const score = hush();
    unmap();
    pausing.end();
    closeDialog?.();
    screen?.stop();
    bar.remove();
    heard.textContent = `${texts.ended} ${score}`.trim();
    setTimeout(() => {
      heard.remove();
      dropSheet(); // Not before: without it the words would stand on the page.
    }, HEARD_MS);
  };
}

/** The pads of the same game: the bar stands below them. */
const nextPads = (canvas) =>
  canvas.nextElementSibling?.matches('.palaestra-pads') ? canvas.nextElementSibling : undefined;
