// A model in a seat of a match: every browser computes what it does, alike, and refuses to play with another one than the others.
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { engines } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import {
  actionsOf,
  openGame,
  openPlayers,
  openServer,
  outcome,
  plays,
  sameAndTrue,
  stepsPass,
} from './support/together.mjs';

const env = 'Foraging-8x8-3p-4f-v3';
const models = join(root, 'crates/policy/tests/models');
const manifest = { inputs: { h_in: { state: 'h_out' } } };
const network = { delay: 60, jitter: 20, loss: 0.1, seed: 3 };

describe('a model in a match', () => {
  const owner = sharedOwner();
  let server;
  let browser;

  before(async () => {
    server = await openServer(owner, { args: ['--models', models] });
    const folder = join(server.site, 'models');
    await mkdir(folder);
    await cp(models, folder, { recursive: true });
    // The same network with a note behind it: another file.
    const file = await readFile(join(models, 'recurrent.onnx'));
    await writeFile(join(folder, 'other.onnx'), Buffer.concat([file, Buffer.from([0x12, 1, 0x78])]));
    browser = await engines[0].launch(owner);
  });

  const seat = (onnx) => ({ onnx: `models/${onnx}.onnx`, manifest, sample: true });

  test('plays alike on both pages, as it would in a game that is never rewound', async (t) => {
    const options = {
      env,
      maxSteps: 60,
      match: { lobby: 'minds', size: 2, network },
      seats: { agent_2: seat('recurrent') },
    };
    const players = await openGame(t, browser, server, [options, options]);
    await Promise.all(players.map((player) => plays(player, ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'])));
    const sides = await Promise.all(players.map((player) => outcome(player)));
    await sameAndTrue(sides);
    for (const { header, match } of sides) {
      assert.match(header.policy, /^human, human, onnx models\/recurrent\.onnx sha256:[0-9a-f]{64}$/);
      // The server has the model, and finds each action to be what it decides.
      assert.equal(match.record.modelActions, 'recomputed');
    }
    assert.ok(
      sides.some(({ match }) => match.rollbacks > 2),
      JSON.stringify(sides.map(({ match }) => match.rollbacks)),
    );
    // Which actions follows from the match's seed: of one in seven it is one action throughout. A seat that nobody plays rests, which is 0.
    const acted = actionsOf(sides[0].text).map((joint) => joint[2]);
    assert.ok(
      acted.some((action) => action !== 0),
      `the model acts: ${acted.join(' ')}`,
    );
    assert.deepEqual(
      players.flatMap((player) => player.faults),
      [],
    );
    await workersGone(browser.browser);
  });

  test('takes the seat of who leaves, where the page that opened the lobby says so', async (t) => {
    const match = { lobby: 'leaves', policy: seat('recurrent'), dropout: 'continue' };
    const options = { env, maxSteps: 70, match };
    const players = await openGame(t, browser, server, [options, options, options]);
    await stepsPass(players[0], 15);
    const leaver = await players[0].evaluate(() => {
      void window.game.dispose('closed').catch(() => {});
      return window.game.match.seat;
    });
    const sides = await Promise.all(players.slice(1).map((player) => outcome(player)));
    await sameAndTrue(sides);
    assert.equal(sides[0].match.record.modelActions, 'recomputed');
    const played = new Set(actionsOf(sides[0].text).map((joint) => joint[leaver]));
    // Nobody has pressed a key: what is no rest is the model's.
    assert.ok(played.size > 1, [...played].join());
    await workersGone(browser.browser);
  });

  test('of which two pages have different files is refused on both, by name', async (t) => {
    const matchOf = (onnx) => ({ lobby: 'different', size: 2, policy: seat(onnx) });
    const list = ['recurrent', 'other'].map((onnx) => ({ env, maxSteps: 60, match: matchOf(onnx) }));
    const players = await openPlayers(t, browser, server, list);
    const ends = await Promise.all(
      players.map((player) =>
        player.evaluate(async () => {
          const ended = window.game.finished.then(
            () => ({}),
            ({ code, message }) => ({ code, message }),
          );
          const { code, message } = await window.within('the refusal', ended, 40_000);
          return { code, message, states: window.states, ended: window.game.match.ended?.code };
        }),
      ),
    );
    for (const { code, message, states, ended } of ends) {
      assert.equal(code, 'match_failed', message);
      assert.match(message, /^wrong_model: \S+: expected one model in all browsers, found sha256 [0-9a-f]{64} in one/);
      assert.deepEqual(states.slice(-3), ['validating', 'ended error', 'disposed']);
      assert.equal(ended, 'wrong_model');
    }
    await workersGone(browser.browser);
  });

  test('that cannot be read ends that game with its error, and leaves the page as it was', async (t) => {
    const match = { lobby: 'unreadable', size: 2, policy: { ...seat('recurrent'), frameSkip: 5000 } };
    const players = await openPlayers(t, browser, server, [
      { env, match },
      { env, match },
    ]);
    for (const player of players) {
      const found = await player.evaluate(async () => {
        const ended = window.game.finished.then(
          () => ({}),
          ({ code, message }) => ({ code, message }),
        );
        const { code, message } = await window.within('the refusal', ended, 40_000);
        const other = await window.palaestra.make('CartPole-v1');
        await other.reset({ seed: 1 });
        const hash = await other.hash();
        await other.close();
        return { code, message, hash };
      });
      assert.match(`${found.code}: ${found.message}`, /frameSkip: expected/);
      assert.match(found.hash, /^[0-9a-f]{16}$/);
    }
    await workersGone(browser.browser);
  });
});
