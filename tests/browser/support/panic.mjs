/**
 * Makes `window.panic` have the page's module panic, in the next call of its own that looks at the clock: a clock that asks for the
 * game's state while the game is being changed finds it borrowed, as some fake clock of a page's own might. Whoever else looks at the
 * clock before finds nothing wrong.
 */
export const plantPanic = (page) =>
  page.evaluate(() => {
    const { performance } = window;
    const now = performance.now.bind(performance);
    window.panic = (game) => {
      performance.now = () => {
        try {
          void game.frameNumber;
        } catch (error) {
          performance.now = now;
          throw error;
        }
        return now();
      };
    };
  });
