// Generated from crates/protocol, crates/env and crates/session by crates/play/tests/javascript.rs, which says how. Do not edit.

/** Palaestra's version, as records have it. */
export const version = '0.1.0';

/** What a request asks for: its first byte. */
export const operations = /* @__PURE__ */ Object.freeze({
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
  watch: 16,
  act: 17,
  rollout: 18,
});

/** What an error reply is about: its second byte. */
export const errorCodes = /* @__PURE__ */ Object.freeze({
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
  guest_failed: 14,
  unsupported: 15,
});

/** What an event is: its second byte. */
export const eventKinds = /* @__PURE__ */ Object.freeze({
  stepped: 1,
  shown: 2,
  began: 3,
  told: 4,
  vitals: 5,
});

/** What is told of a match: where other events have their flags. */
export const news = /* @__PURE__ */ Object.freeze({
  socket_open: 1,
  socket_lost: 2,
  socket_refused: 3,
  peer: 4,
  validated: 5,
  stalled: 6,
  left: 7,
  desync: 8,
  differs: 9,
  resynced: 10,
  joined: 11,
  record_cut: 12,
  ended: 13,
  released: 14,
});

/** The stations of a row of metrics, in order. */
export const stations = /* @__PURE__ */ Object.freeze([
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
export const states = /* @__PURE__ */ Object.freeze([
  'created',
  'waiting',
  'matched',
  'validating',
  'playing',
  'ended',
  'disposed',
]);

/** Why a session ended. */
export const reasons = /* @__PURE__ */ Object.freeze([
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

/** How an episode of a rollout ends, by number. */
export const episodeEnds = /* @__PURE__ */ Object.freeze(['terminated', 'truncated', 'cut']);

/** The kinds of spaces, by their numbers in a spec's bytes. */
export const spaceKinds = /* @__PURE__ */ Object.freeze([
  'Discrete',
  'Box',
  'MultiDiscrete',
  'MultiBinary',
  'Tuple',
  'Dict',
  'Text',
  'Sequence',
  'OneOf',
  'None',
  'Bool',
]);

/** The element types of a Box, by their numbers in a spec's bytes. */
export const dtypes = /* @__PURE__ */ Object.freeze(['float32', 'float64', 'uint8', 'int8', 'int32', 'int64']);

/** Where a request has its number. */
export const requestNumber = 4;

/** Where its payload begins. */
export const requestPayload = 8;

/** The numbers of requests that a page's script makes are from here on; those of its module are below. */
export const scriptRequests = 2147483648;

/** A reply's first byte, of one that is no error. */
export const replyOk = 0;

/** The same, of an error. */
export const replyError = 1;

/** Where a reply has its operation, and an error its code. */
export const replyKind = 1;

/** Where it has the number of its request. */
export const replyNumber = 4;

/** Where its body begins. */
export const replyBody = 32;

/** Where a reply to a step has what was returned, behind its length. */
export const replyReturns = 36;

/** Where a reply to many steps has how many there were. */
export const manyCount = 32;

/** Where it has how many agents earned. */
export const manyAgents = 36;

/** Where it has how many bytes each step returned; 0: they are in blocks. */
export const manyStride = 40;

/** Where it has how many blocks there are. */
export const manyBlocks = 44;

/** Where its rewards begin. */
export const manyRewards = 48;

/** How many rows a block of differences has. */
export const rowsPerBlock = 64;

/** How many bytes a word of a row has. */
export const rowWord = 8;

/** How many bytes an agent's outcome takes: its reward and its flags. */
export const outcomeBytes = 9;

/** Where its flags are. */
export const outcomeFlags = 8;

/** The flag of a terminated episode. */
export const terminatedFlag = 1;

/** The flag of a truncated one. */
export const truncatedFlag = 2;

/** An event's first byte, where a reply has whether it is an error. */
export const eventStatus = 2;

/** Where an event has its kind. */
export const eventKind = 1;

/** Where it has its flags. */
export const eventFlags = 2;

/** The flag of one that has a hash. */
export const hashedFlag = 2;

/** Where it has its number: a step's, an episode's, or the first of news. */
export const eventNumber = 4;

/** Where a step has its actions, behind their length, and behind them the returns. */
export const steppedActions = 72;

/** Where a picture's scene begins. */
export const shownScene = 68;

/** Where an episode's first returns are, behind their length. */
export const beganReturns = 20;

/** Where news have their second number. */
export const toldSecond = 8;

/** Where their text begins. */
export const toldText = 28;

/** Where what is to be watched has its seed, behind the match's number. */
export const watchSeed = 4;

/** Where it has the steps a second. */
export const watchFps = 12;

/** Where it has its flags. */
export const watchFlags = 20;

/** The flag of a match that is drawn. */
export const watchDrawn = 1;

/** Where it has the address, behind its length. */
export const watchUrl = 21;

/** Where a rollout's progress has how many steps there were so far. */
export const progressSteps = 1;

/** Where it has how many agents earn. */
export const progressAgents = 9;

/** Where its episodes begin, each with its seed. */
export const progressEpisodes = 11;

/** Where an episode has the hash of its last state. */
export const episodeHash = 8;

/** Where it has how many steps it took. */
export const episodeLength = 16;

/** Where it has how it ended. */
export const episodeEnd = 20;

/** Where its returns begin. */
export const episodeReturns = 21;

/** The longest input delay of a match, in frames. */
export const mostInputDelay = 30;

/** The version of what pages and servers say to each other. */
export const serverProtocol = 4;
