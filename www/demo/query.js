// The page's address: what it says is played, and what is chosen in the page is written to it.

import { networkFrom, networkText, ONLINE } from './together.js';

const expected = (what) => (text) => {
  throw new Error(`expected ${what}, found "${text}"`);
};
const refuse = {
  number: expected('a number'),
  seed: expected('a whole number from 0 on'),
  count: expected('a whole number from 1 on'),
  flag: expected('1 or 0'),
  object: expected('a JSON object'),
};
const number = (text) => (text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : refuse.number(text));
const whole = (least, refused) => (text) => {
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isSafeInteger(value) && value >= least ? value : refused(text);
};
const flag = (text) => {
  if (['1', 'true', ''].includes(text)) return true;
  return ['0', 'false'].includes(text) ? false : refuse.flag(text);
};
const oneOf =
  (...choices) =>
  (text) =>
    choices.includes(text) ? text : expected(choices.join(' or '))(text);
const object = (text) => {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse.object(text);
  }
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : refuse.object(text);
};

/** What recruitment sites add to an address: it goes into the record (`recordAddress`), and is nothing that is played. */
export const recruitment = [
  'PROLIFIC_PID',
  'STUDY_ID',
  'SESSION_ID',
  'workerId',
  'assignmentId',
  'hitId',
  'turkSubmitTo',
  'SONA_ID',
  'sona_id',
  'survey_code',
  'jatosWorkerId',
];

/** What an address says of whoever opened it: it belongs to them alone. */
const personal = ['participant', ...recruitment];

/** Of these settings those that stay when another environment is chosen: who plays, and over which network. A lobby is one environment's. */
export const lasting = (settings) =>
  Object.fromEntries(
    ['server', 'network', 'transport', ...personal]
      .filter((name) => settings[name] !== undefined)
      .map((name) => [name, settings[name]]),
  );

/** These settings as others may have them. */
export const sharable = (settings) =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !personal.includes(name)));

/** Every parameter, in the order of the address. */
const readers = {
  env: String,
  seed: whole(0, refuse.seed),
  episodes: whole(1, refuse.count),
  partner: oneOf('human', 'random', 'still', 'expert', ONLINE),
  kwargs: object,
  fps: number,
  maxSteps: whole(1, refuse.count),
  inputMode: oneOf('pressed_keys', 'single_keystroke'),
  episodePause: number,
  focusTimeout: number,
  userTiming: flag,
  recordMetrics: flag,
  autostart: flag,
  lobby: String,
  server: String,
  network: networkFrom,
  transport: oneOf('auto', 'relay'),
  participant: String,
  ...Object.fromEntries(recruitment.map((name) => [name, String])),
};

/**
 * What is chosen in the page, or said by its address; see `readers`.
 *
 * @typedef {{
 *   env?: string, seed?: number, episodes?: number, partner?: string, kwargs?: import('palaestra').PlayOptions['kwargs'], fps?: number,
 *   maxSteps?: number, inputMode?: string, episodePause?: number, focusTimeout?: number, userTiming?: boolean,
 *   recordMetrics?: boolean, autostart?: boolean, lobby?: string, server?: string, participant?: string,
 *   network?: import('palaestra').MatchOptions['network'], transport?: import('palaestra').MatchOptions['transport'],
 * }} Settings
 */

/** The settings in an address, and what is wrong with it. */
export function readQuery(search) {
  /** @type {Settings} */
  const settings = {};
  const problems = [];
  for (const [name, text] of new URLSearchParams(search)) {
    try {
      const reader = Object.hasOwn(readers, name)
        ? readers[name]
        : expected(`a parameter among ${Object.keys(readers).join(', ')}`);
      settings[name] = reader(Object.hasOwn(readers, name) ? text : name);
    } catch (error) {
      problems.push({
        code: 'bad_address',
        message: `The address of this page says ${name}=${text}: ${error.message}.`,
      });
    }
  }
  return { settings, problems };
}

/** The query of an address with these settings. */
export function writeQuery(settings) {
  const query = new URLSearchParams();
  for (const name of Object.keys(readers)) {
    const value = settings[name];
    if (value === undefined || value === '' || (name === 'kwargs' && Object.keys(value).length === 0)) continue;
    if (name === 'network') query.set(name, networkText(value));
    else if (typeof value === 'boolean') query.set(name, value ? '1' : '0');
    else query.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return `?${String(query).replaceAll('%2F', '/')}`;
}
