// Generated from crates/protocol and crates/session by crates/play/tests/javascript.rs, which says how. Do not edit.

/** What a request asks for: its first byte. */
export const operations = Object.freeze({
  step: 1,
  step_many: 2,
  save: 3,
  restore: 4,
  hash: 5,
  close: 6,
  reset: 7,
  play: 8,
  grant: 9,
  key: 10,
  rewind: 11,
  join: 12,
  start: 13,
  control: 14,
  leave: 15,
});

/** What an error reply is about: its second byte. */
export const errorCodes = Object.freeze({
  unknown_environment: 1,
  bad_argument: 2,
  bad_action: 3,
  out_of_order: 4,
  bad_state: 5,
  bad_message: 6,
  panicked: 7,
  worker_failed: 8,
  deadline_exceeded: 9,
  session_closed: 10,
  load_failed: 11,
  record_full: 12,
  match_failed: 13,
});

/** The stations of a row of metrics, in order. */
export const stations = Object.freeze([
  'keypressTimestamp',
  'queueExitTimestamp',
  'stepCallTimestamp',
  'workerReceiveTimestamp',
  'stepDueTimestamp',
  'stepBeginTimestamp',
  'stepEndTimestamp',
  'stepReturnTimestamp',
  'renderBeginTimestamp',
  'renderEndTimestamp',
  'paintTimestamp',
  'predictedTimestamp',
  'confirmedTimestamp',
]);

/** The states of a session, in order. */
export const states = Object.freeze(['created', 'waiting', 'matched', 'validating', 'playing', 'ended', 'disposed']);

/** Why a session ended. */
export const reasons = Object.freeze([
  'complete',
  'timeout',
  'partner_left',
  'validation_failed',
  'disconnected',
  'focus_lost',
  'excluded',
  'error',
  'closed',
]);

/** Where a request's payload begins. */
export const requestPayload = 8;

/** Where a reply's body begins. */
export const replyBody = 32;

/** How many rows a block of differences has. */
export const rowsPerBlock = 64;
