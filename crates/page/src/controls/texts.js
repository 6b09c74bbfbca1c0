// What participants read on the bar and in its dialog. Every text can be replaced: `controls: { texts: { pause: '…' } }`.

export const texts = Object.freeze({
  controls: 'Game controls',
  pause: 'Pause',
  resume: 'Go on',
  keys: 'Keys…',
  fullscreen: 'Full screen',
  leaveFullscreen: 'Leave full screen',
  keysTitle: 'Keys',
  keysHelp: 'Choose what you want to change, then press the new key.',
  change: 'Change',
  press: 'Press a key…',
  usual: 'As they were',
  done: 'Done',
  taken: '{key} has changed places with {other}.',
  unusable: '{key} cannot be used.',
  playing: 'The game is on.',
  paused: 'Paused.',
  ended: 'The game is over.',
  score: 'Score {score}.',
  episode: 'Round {episode}.',
});
