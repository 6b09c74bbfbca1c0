import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { agentNames, namesIn } from '../crates/page/src/agents.js';

/** As the registry has them. */
const tag = {
  agentNames: ['adversary_0', 'adversary_1', 'adversary_2', 'agent_0'],
  agentsFrom: ['num_good', 'num_adversaries'],
  agentKinds: ['agent_', 'adversary_'],
  arguments: [
    { name: 'num_good', default: 1 },
    { name: 'num_adversaries', default: 3 },
  ],
};
const pack = {
  agentNames: ['leadadversary_0', 'adversary_0', 'adversary_1', 'adversary_2', 'agent_0', 'agent_1'],
  agentsFrom: ['num_good', 'num_adversaries'],
  agentKinds: ['agent_', 'adversary_'],
  arguments: [
    { name: 'num_good', default: 2 },
    { name: 'num_adversaries', default: 4 },
  ],
};
const forage = { agentsFrom: ['players'], arguments: [{ name: 'players', default: 2 }] };

describe('what agents are called', () => {
  test('as the environment calls them, also where arguments say how many there are', () => {
    assert.deepEqual(agentNames(tag, {}, 4), tag.agentNames);
    assert.deepEqual(agentNames(tag, { num_good: 2, num_adversaries: 1 }, 3), ['adversary_0', 'agent_0', 'agent_1']);
    const more = ['leadadversary_0', 'adversary_0', 'agent_0', 'agent_1', 'agent_2'];
    assert.deepEqual(agentNames(pack, { num_good: 3, num_adversaries: 2 }, 5), more);
    assert.deepEqual(agentNames(forage, { players: 3 }, 3), ['agent_0', 'agent_1', 'agent_2']);
    assert.deepEqual(agentNames(undefined, undefined, 1), ['agent_0']);
  });

  test('arguments that are none are no reason to fall over', () => {
    for (const num_good of ['x', NaN, -5, 1e300, null, {}]) {
      assert.equal(agentNames(tag, { num_good }, 4).length, 4, String(num_good));
    }
  });
});

describe('an object by agent', () => {
  test('counts them, or names them all as the environment does', (t) => {
    const warn = t.mock.method(console, 'warn', () => {});
    const counted = ['agent_0', 'agent_1', 'agent_2', 'agent_3'];
    assert.deepEqual(namesIn('seats', undefined, tag, {}, 4), counted);
    assert.deepEqual(namesIn('seats', { agent_0: 'human', agent_3: 'idle' }, tag, {}, 4), counted);
    assert.deepEqual(namesIn('seats', { adversary_1: 'human', agent_0: 'idle' }, tag, {}, 4), tag.agentNames);
    assert.equal(warn.mock.callCount(), 0);
    // It may be either, and was the first agent before there were names.
    assert.deepEqual(namesIn('seats', { agent_0: 'human' }, tag, {}, 4), counted);
    assert.match(warn.mock.calls[0].arguments[0], /seats\.agent_0 counts the agents and is adversary_0/);
  });

  test('names no others, and is told which may have been meant', () => {
    assert.equal(
      namesIn('seats', { adversry_1: 'human' }, tag, {}, 4),
      'seats: expected an agent among adversary_0, adversary_1, adversary_2, agent_0; found `adversry_1` (did you mean `adversary_1`?)',
    );
    // The two ways are not mixed.
    assert.match(String(namesIn('policies', { adversary_1: 'human', agent_3: 'idle' }, tag, {}, 4)), /found `agent_3`/);
    assert.match(
      String(namesIn('seats', { agent_2: 'human' }, forage, {}, 2)),
      /among agent_0, agent_1; found `agent_2`/,
    );
  });
});
