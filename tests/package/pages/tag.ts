// Never run: a script without imports, on a page whose script tag has made the package known.
/// <reference types="palaestra/inline" />
const game = palaestra.play({ env: 'CartPole-v1' });
void game.finished;
