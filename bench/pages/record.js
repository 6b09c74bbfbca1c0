// Records of an environment that a program drives: how large they are, and how long it takes to pack and replay one.
import { make } from '../palaestra.js';
import { randomActions } from './steps.js';

/** Actions of one crossing: few enough that little is asked for after an episode's end. */
const batch = 500;

/** Plays so many steps with random actions, episode after episode, says how many were played, and packs their record. */
export async function record({ id, steps }, say) {
  const env = await make(id, {}, { record: true });
  const began = performance.now();
  let played = 0;
  let draw = 0;
  const pool = randomActions(env, 20_000);
  const over = ({ terminated, truncated }) =>
    [terminated, truncated].some((flags) => (typeof flags === 'object' ? Object.values(flags).some(Boolean) : flags));
  await env.reset({ seed: 1 });
  while (played < steps) {
    const from = draw % (pool.length - batch);
    draw += 7919;
    const many = await env.stepMany(pool.slice(from, from + Math.min(batch, steps - played)));
    played += many.length;
    say(played);
    if (over(many.at(-1))) await env.reset();
  }
  const playedMs = performance.now() - began;
  const kept = env.record();
  await env.close();
  const start = performance.now();
  const { blob, identical, steps: replayed, message } = await kept.pack();
  return { played, playedMs, packedMs: performance.now() - start, packed: blob.size, identical, replayed, message };
}
