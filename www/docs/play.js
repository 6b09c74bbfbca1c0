// The game on an environment's page. Nothing of it is loaded before somebody wants to play.
const button = document.getElementById('play');
const canvas = document.getElementById('canvas');
const status = document.getElementById('status');

const told = { playing: 'Play with the keys below', ended: 'Over' };

/** The game that is played, if one is. */
let game;

async function start() {
  if (game) {
    game.dispose('closed');
    return;
  }
  status.textContent = 'Loading';
  // Until there is a game that it ends: another click would begin a second one on the same picture.
  button.disabled = true;
  try {
    const { play } = await import('../palaestra.js');
    game = play({
      env: button.dataset.env,
      canvas,
      episodes: 1,
      verify: false,
      onTransition: ({ to }) => (status.textContent = told[to] ?? status.textContent),
    });
    button.textContent = 'End it';
    button.disabled = false;
    canvas.focus();
    const { steps, returns } = await game.finished;
    status.textContent = `${steps} steps${returns.length > 0 ? `, score ${JSON.stringify(returns[0])}` : ''}`;
  } catch (error) {
    status.textContent = error.message;
  } finally {
    game = undefined;
    button.textContent = 'Play it again';
    button.disabled = false;
  }
}

button.addEventListener('click', start);
