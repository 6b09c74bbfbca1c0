import { root } from '../lib/paths.mjs';
import { pipe } from './pipe.mjs';

export const reference = 'tests/golden/reference';

/**
 * Environments in which sines and cosines feed back into the state: one whose last bit differs grows into another
 * episode. One in a thousand of their episodes may differ, and each has to be explained in docs/parity.md.
 */
const feedback = ['CartPole-v1', 'Acrobot-v1', 'Pendulum-v1'];

/** How many of so many episodes may differ. */
export const allowed = (id, episodes) => (feedback.includes(id) ? Math.floor(episodes / 1000) : 0);

/**
 * Plays an environment's reference and replays it in ours. Gives the comparer's report with `id`, `took` in seconds and, if
 * it cannot be trusted or is beyond the limits, `problem`.
 */
export async function compare({ id, steps, seed, python, palaestra, onProgress }) {
  const start = Date.now();
  let report = { steps: 0, episodes: 0, mismatching: 0, ulps: 0, differences: [], broken: 'no report' };
  const from = [python, reference, 'parity', id, '--steps', String(steps), '--seed', String(seed)];
  const { code, complaint, exit } = await pipe(from, [palaestra, 'compare', '--json', '-'], {
    cwd: root,
    onLine(line) {
      const message = JSON.parse(line);
      if (message.type === 'report') report = message;
      else onProgress(message.steps / steps);
    },
  });
  const took = (Date.now() - start) / 1000;
  return { ...report, id, took, problem: problemOf({ report, id, steps, code, complaint, exit }) };
}

/** What is wrong with a comparison, or undefined. */
export function problemOf({ report, id, steps, code, complaint, exit }) {
  if (report.broken) return [report.broken, code !== 0 && complaint].filter(Boolean).join('; the reference: ');
  if (code !== 0) return `the reference ended with ${code}: ${complaint}`;
  if (typeof exit !== 'number') return `the comparer ended with ${exit}`;
  if (report.steps !== steps) return `expected ${steps} steps, found ${report.steps}`;
  const most = allowed(id, report.episodes);
  if (report.mismatching > most) return `expected at most ${most} mismatching episodes, found ${report.mismatching}`;
  return undefined;
}
