// What the server's codes mean for the connection. crates/lobby/tests/lobby/page_codes.rs holds them to the server's own.

/** Codes that say nothing of this participant: the connection is tried again. */
export const passing = new Set([
  'hello_timeout',
  'idle_timeout',
  'slow_reader',
  'too_fast',
  'too_many',
  'server_error',
  'server_restarting',
]);

/** What a socket that is closed without a word says by its number. */
export const codeOf = new Map([
  [4000, 'malformed'],
  [4003, 'unknown_lobby'],
  [4004, 'bad_token'],
  [4005, 'wrong_environment'],
  [4006, 'played_before'],
  [4007, 'too_large'],
  [4100, 'waiting_timeout'],
  [4101, 'not_needed'],
  [4102, 'not_there'],
  [4103, 'validation_timeout'],
  [4104, 'validation_failed'],
  [4105, 'latency'],
  [4106, 'partner_left'],
  [4107, 'disconnected'],
  [4108, 'absent'],
  [4109, 'match_timeout'],
  [4110, 'excluded'],
  [4111, 'desync'],
  [4112, 'stalled'],
  [4014, 'wrong_model'],
]);
