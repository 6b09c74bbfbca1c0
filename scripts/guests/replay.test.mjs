// A guest's record played again, by an environment that stands in for one in Python: see tests/guests for those.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayed } from '../../crates/page/src/guest/replay.js';

const line = (values) => `${JSON.stringify(values)}\n`;
const header = line({ type: 'header', env_id: 'guest/mine', kwargs: {} });
const reset = line({ type: 'reset', t: 0, seed: 1, obs: 0, info: {} });
const step = (action, t) => line({ type: 'step', t, episode: 0, action, obs: 0, reward: 0 });

/** Replays these actions; gives those that the environment was asked for. */
async function asked(agents, observation, actions) {
  const text = header + reset + actions.map((action, at) => step(action, at + 1)).join('');
  const taken = [];
  const make = async () => ({
    agents,
    spec: { observation },
    reset: async () => {},
    stepMany: async (many) => taken.push(...many) && many,
    record: () => ({ text: async () => text }),
    close: async () => {},
  });
  const { identical, message } = await replayed(text, make);
  assert.equal(identical, true, message);
  return taken;
}

test('a single agent plays what the record has of it, which stands in a list where what it sees does', async () => {
  for (const actions of [
    [2, 0],
    [
      [0.5, 1],
      [0, -1],
    ],
  ]) {
    assert.deepEqual(await asked(['own'], 'shared', actions), actions);
    const listed = actions.map((action) => [action]);
    assert.deepEqual(await asked(['own'], 'per_agent', listed), actions);
  }
  const joint = await asked(['hare', 'tortoise'], 'per_agent', [[1, [0.5]]]);
  assert.deepEqual(joint, [{ hare: 1, tortoise: [0.5] }]);
});
