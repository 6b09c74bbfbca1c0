// What participants read. Every text can be replaced: `match: { texts: { waiting: '…' } }`. `{name}` is filled in.

export const texts = Object.freeze({
  connecting: 'Connecting to the server…',
  reconnecting: 'The connection to the server was lost. Trying again…',
  waiting: 'Waiting for another player…',
  place: 'You are number {position} of {count}.',
  timeLeft: 'You will be told in {minutes} at the latest.',
  minute: 'a minute',
  minutes: '{count} minutes',
  cancel: 'Stop waiting',
  matched: 'A partner is here. Loading the game…',
  validating: 'Checking the connection to your partner…',
  starting: 'The game is about to begin.',
  requeued: 'That did not work out. You keep your place.',
  stalled: 'Waiting for your partner…',
  partnerReconnecting: 'Your partner has lost the connection. The game goes on when it comes back.',
  partnerAway: 'Your partner looks elsewhere.',
  partnerGone: 'Your partner has left.',
  lost: 'Your connection is lost. Trying to come back…',
  away: 'The game goes on without you: click here to play.',
});
