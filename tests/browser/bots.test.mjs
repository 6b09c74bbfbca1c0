import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { engines } from '../../scripts/browser/engines.mjs';
import { newOwner } from '../../scripts/browser/owner.mjs';
import { actionsOf, openPlayers, openServer, outcome, reaches } from './support/together.mjs';

test('a person at a browser plays with a bot to the planned end, and the record replays', async (t) => {
  const owner = newOwner();
  t.after(() => owner.release());
  const server = await openServer(owner);
  const browser = await engines[0].launch(owner);
  const options = { env: 'overcooked_ai/cramped_room', maxSteps: 90, match: { lobby: 'with-a-bot', size: 2 } };
  const [player] = await openPlayers(t, browser, server, [options]);
  await reaches(player, 'waiting');
  const url = server.url.replace(/^http/, 'ws').replace(/\/$/, '');
  const words = [
    'bots',
    '--lobby',
    'with-a-bot',
    '--url',
    url,
    '--policy',
    'expert',
    '--frames',
    '90',
    '--seconds',
    '60',
  ];
  const bot = spawn(server.command, words, { stdio: 'ignore' });
  owner.after(() => bot.kill());
  await reaches(player, 'playing');
  const side = await outcome(player);
  assert.deepEqual([side.error, side.reason], [null, 'complete']);
  assert.equal(side.verification.identical, true, side.verification.message);
  const joint = actionsOf(side.text);
  assert.equal(joint.length, 90);
  // Nobody touches a key at the browser; the expert cooks.
  assert.ok(
    new Set(joint.map(([, other]) => other)).size >= 3,
    `the bot plays: ${joint.map(([, other]) => other).join(' ')}`,
  );
  assert.deepEqual(player.faults, []);
});
