// Keys that are not a keyboard's. A finger and a controller know nothing of a game's end, and a game that is over refuses keys.

/**
 * Keys of a game as long as it is played; nothing before and after.
 *
 * @param {{ press(code: string): void, release(code: string): void, state: string }} game
 */
export const strokesOf = (game) => ({
  press(code) {
    if (game.state === 'playing') game.press(code);
  },
  release(code) {
    if (game.state === 'playing') game.release(code);
  },
});
