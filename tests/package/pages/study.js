// What a page does with the package, however it has come by it: `palaestra` is what it has got of it.

/** Fifty steps of CartPole; gives the hash of the state after the last. */
async function fiftySteps(palaestra) {
  const env = await palaestra.make('CartPole-v1');
  await env.reset({ seed: 7 });
  for (let t = 0; t < 50; t += 1) {
    const { terminated } = await env.step(t % 2);
    if (terminated) await env.reset();
  }
  const hash = await env.hash();
  await env.close();
  return hash;
}

/** Begins a game of Overcooked for a person with keys. */
function begin(palaestra, canvas) {
  const game = palaestra.play({
    env: 'overcooked_ai/cramped_room',
    canvas,
    seed: 7,
    fps: 30,
    maxSteps: 60,
    focusTimeout: Infinity,
    seats: { agent_0: 'human', agent_1: 'idle' },
    onStep: ({ action }) => {
      if (action.agent_0 !== 4) window.study.acted += 1;
    },
  });
  game.finished.catch(() => {});
  return game;
}

/** Whether something is painted on a canvas: more than one colour. */
function isPainted(canvas) {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const pixels = new Uint32Array(data.buffer);
  return pixels.some((pixel) => pixel !== pixels[0]);
}

/** Puts the study on a page, for a test to run. */
export function show(palaestra) {
  const canvas = document.body.appendChild(document.createElement('canvas'));
  canvas.tabIndex = 0;
  canvas.style.width = '300px';
  let game;
  window.study = {
    acted: 0,
    /** What people are told of CartPole. */
    summary: async () => (await palaestra.descriptions()).get('CartPole-v1').summary,
    fiftySteps: () => fiftySteps(palaestra),
    begin: () => {
      game = begin(palaestra, canvas);
      canvas.focus();
    },
    state: () => game.state,
    /** What a game with others first hears of its match, at a server that is not there. */
    match: () =>
      new Promise((heard) => {
        const match = { lobby: 'study', server: 'http://127.0.0.1:1', overlay: false };
        const alone = palaestra.play({
          env: 'overcooked_ai/cramped_room',
          match,
          onMatch: ({ state }) => heard(state),
        });
        alone.finished.then(
          () => {},
          ({ message }) => heard(message),
        );
        setTimeout(() => alone.dispose(), 2000);
      }),
    /** What one who watches first hears of a match, at the same server. */
    watch: async () => {
      const spectator = await palaestra.watch({ match: 'm-none', server: 'http://127.0.0.1:1' });
      const { state } = spectator;
      await spectator.dispose();
      return state;
    },
    end: async () => {
      const record = await game.finished;
      const { message } = await record.verification();
      const { acted } = window.study;
      return { steps: record.steps, acted, painted: isPainted(canvas), message, live: palaestra.liveSessions() };
    },
  };
}
