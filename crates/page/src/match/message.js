// The server's messages on the control socket, read: each is what docs/server-protocol.md says it is, or an error that says what
// was expected and what came. Nothing here trusts what it reads.
import { mostInputDelay, reasons } from '../protocol.js';

/** The longest message that is looked at. */
const MOST_CHARACTERS = 256 * 1024;

/** A text that is no message of the protocol. */
export class MalformedMessage extends Error {}

/** @typedef {(value: any, place: string) => void} Check */

/** @type {(what: string, holds: (value: any) => boolean) => Check} */
const expected = (what, holds) => (value, place) => {
  if (!holds(value)) throw new MalformedMessage(`${place}: expected ${what}, found ${shown(value)}`);
};

function shown(value) {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const whole = (most) =>
  expected(`a whole number from 0 to ${most}`, (value) => Number.isInteger(value) && value >= 0 && value <= most);
const text = expected('a text', (value) => typeof value === 'string');
const flag = expected('true or false', (value) => typeof value === 'boolean');
const milliseconds = expected('milliseconds', (value) => Number.isFinite(value) && value >= 0);
const number = expected('a number', (value) => Number.isFinite(value));
const object = expected('an object', (value) => value !== null && typeof value === 'object' && !Array.isArray(value));
const anything = expected('a value', (value) => value !== undefined);
const fps = expected('ticks per second from 0.1 to 240', (value) => value >= 0.1 && value <= 240);
const among = (...names) => expected(names.join(' or '), (value) => names.includes(value));
const seat = whole(254);
const count = whole(2 ** 32 - 1);

/** @type {(check: Check) => Check} */
const orNothing = (check) => (value, place) => {
  if (value !== undefined && value !== null) check(value, place);
};

/** @type {(check: Check, most: number) => Check} */
const list = (check, most) => (value, place) => {
  if (!Array.isArray(value) || value.length > most) {
    throw new MalformedMessage(`${place}: expected a list of at most ${most}, found ${shown(value)}`);
  }
  value.forEach((item, index) => check(item, `${place}[${index}]`));
};

/** @type {(checks: Record<string, Check>) => Check} */
const fields = (checks) => (value, place) => {
  object(value, place);
  for (const [name, check] of Object.entries(checks)) check(value[name], place ? `${place}.${name}` : name);
};

const reason = among(...reasons);

/** A policy's name, an expert with its skill, or a model. @type {Check} */
const policy = (value, place) => {
  if (typeof value === 'string') return;
  if (value?.onnx !== undefined) return fields({ onnx: text, sha256: orNothing(text) })(value, place);
  fields({ expert: flag, skill: orNothing(number) })(value, place);
};

const seatInfo = fields({ seat, agent: text, kind: among('person', 'policy'), policy: orNothing(policy) });

/** What each type of message has. Fields that stand nowhere here are passed over. */
const types = {
  welcome: fields({
    protocol: count,
    participant: text,
    token: text,
    state: text,
    resumed: flag,
    replaced: flag,
    env_id: text,
    kwargs: object,
    size: whole(255),
    fps,
  }),
  waiting: fields({
    position: count,
    count,
    size: whole(255),
    timeout_left_ms: milliseconds,
    estimate_ms: orNothing(milliseconds),
  }),
  are_you_there: fields({ within_ms: milliseconds }),
  ping: fields({ t: number }),
  pong: fields({ t: number }),
  matched: fields({
    match: text,
    number: count,
    seat,
    incarnation: count,
    size: whole(255),
    seats: list(seatInfo, 255),
    agents: list(text, 255),
    env_id: text,
    kwargs: object,
    fps,
    mode: among('rollback', 'lockstep'),
    seed: whole(Number.MAX_SAFE_INTEGER),
    epoch: count,
    input_delay: whole(mostInputDelay),
    policy: orNothing(policy),
    dropout: among('pause', 'continue', 'end'),
    dropout_policy: orNothing(policy),
    play_url: text,
    ticket: text,
    ice_servers: list(object, 32),
    transport: among('auto', 'relay'),
    within_ms: milliseconds,
    grace_ms: milliseconds,
  }),
  signal: fields({ from: seat, data: anything }),
  validate: fields({ match: text, attempt: count, transport: among('auto', 'relay'), within_ms: milliseconds }),
  start: fields({
    match: text,
    epoch: count,
    in_ms: milliseconds,
    input_delay: whole(mostInputDelay),
    resume: flag,
    frames: count,
  }),
  partner: fields({
    match: text,
    seat,
    state: among('connecting', 'connected', 'reconnecting', 'gone'),
    away: flag,
    reason: orNothing(text),
    grace_left_ms: orNothing(milliseconds),
  }),
  pronounced: fields({ match: text, seat, frames: count, policy: among('pause', 'continue', 'end') }),
  requeued: fields({ reason, code: text, message: text, position: count }),
  ended: fields({
    reason,
    code: text,
    message: text,
    match: orNothing(text),
    completion_code: orNothing(text),
  }),
  record: fields({
    match: text,
    frames: count,
    verified: orNothing(flag),
    difference: orNothing(text),
    seats_differ: list(fields({ seat, frame: count }), 255),
  }),
  replaced: fields({ message: text }),
  error: fields({ code: text, message: text, fatal: flag, completion_code: orNothing(text) }),
};

/** The types of message that are known here. */
export const messageTypes = Object.freeze(Object.keys(types));

/** What other lists of types are made of. */
export const checks = Object.freeze({ count, fields, fps, list, milliseconds, object, text, whole, orNothing, types });

/**
 * Reads a message of the server.
 *
 * @param {unknown} data what the socket brought
 * @param {Record<string, Check>} [known] what each type of message has
 * @returns {{ type: string, [field: string]: any }}
 * @throws {MalformedMessage}
 */
export function readMessage(data, known = types) {
  if (typeof data !== 'string') throw new MalformedMessage('expected a message of text, found bytes');
  if (data.length > MOST_CHARACTERS) {
    throw new MalformedMessage(`expected a message of at most ${MOST_CHARACTERS} characters, found ${data.length}`);
  }
  let message;
  try {
    message = JSON.parse(data);
  } catch {
    throw new MalformedMessage(`expected JSON, found ${shown(data)}`);
  }
  object(message, 'message');
  const check = Object.hasOwn(known, message.type) ? known[message.type] : undefined;
  if (!check) {
    const names = Object.keys(known).join(', ');
    throw new MalformedMessage(`type: expected one among ${names}; found ${shown(message.type)}`);
  }
  check(message, '');
  if (message.type === 'matched') checkSeats(message);
  return message;
}

/** A match has one seat per agent, in order, and one of them is this browser's. */
function checkSeats({ seats, agents, seat }) {
  const inOrder = seats.every((info, index) => info.seat === index && info.agent === agents[index]);
  if (!inOrder || seats.length !== agents.length) {
    throw new MalformedMessage('seats: expected one per agent, in the order of the agents');
  }
  if (seats[seat]?.kind !== 'person') throw new MalformedMessage(`seat: expected the seat of a person, found ${seat}`);
}
