// What a page does with the module where its server forbids everything that is not its own.
import { play } from './palaestra.js';

window.violations = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  window.violations.push(`${violatedDirective}: ${blockedURI}`),
);

/** Plays a few steps on the page's canvas and gives what became of the record. */
window.playBriefly = async (env, seats) => {
  const canvas = document.getElementById('canvas');
  const game = play({ env, canvas, seats, seed: 1, fps: 60, maxSteps: 10 });
  const record = await window.within('the game to end', game.finished, 30_000);
  return { reason: record.reason, ...(await record.verification()) };
};
