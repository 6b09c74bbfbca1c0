import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lasting, readQuery, recruitment, sharable, writeQuery } from '../../www/demo/query.js';

const played = { env: 'CartPole-v1', seed: 7, maxSteps: 10 };
const reached = { server: 'https://lab.org/games/', network: { delay: 80 }, transport: /** @type {const} */ ('relay') };
const person = { participant: 'p7', ...Object.fromEntries(recruitment.map((name) => [name, `${name} of theirs`])) };

test('what others may have of an address says nothing of who opened it', () => {
  const { settings, problems } = readQuery(writeQuery(sharable({ ...played, ...reached, lobby: 'one', ...person })));
  assert.deepEqual(problems, []);
  assert.deepEqual(settings, { ...played, ...reached, lobby: 'one' });
});

test('with another environment a person stays who they are, and plays over the same network', () => {
  assert.deepEqual(lasting({ ...played, ...reached, lobby: 'one', ...person }), { ...reached, ...person });
  assert.deepEqual(lasting(played), {});
});
