// Two people over bad networks, in real browsers: whatever it does to packets, both have the same record.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { engines } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openPlayer, openServer, outcome, plays, reaches, sameAndTrue } from '../browser/support/together.mjs';

const volley = 'slimevb/SlimeVolleyEnv';
const keys = ['KeyA', 'ArrowLeft', 'KeyD', 'ArrowRight', 'KeyW', 'ArrowUp'];

/** Networks between two people: what is done to the packets that each of them sends. */
const networkCases = [
  { name: 'no delay', networks: [{ delay: 0 }, { delay: 0 }], wrong: false },
  { name: '100 ms each way', networks: [{ delay: 100 }, { delay: 100 }], wrong: true },
  { name: '200 ms each way', networks: [{ delay: 200 }, { delay: 200 }], wrong: true },
  { name: '200 ms one way only', networks: [{ delay: 200 }, { delay: 0 }], wrong: true },
  { name: '15 % loss', networks: [{ loss: 0.15 }, { loss: 0.15 }], wrong: false },
  {
    name: 'delay, jitter, loss, doubles and reordering',
    networks: Array.from({ length: 2 }, () => ({ delay: 80, jitter: 40, loss: 0.15, duplicate: 0.1, reorder: 0.1 })),
    wrong: true,
  },
];

describe('a bad network', { timeout: 300_000 }, () => {
  const owner = sharedOwner();
  let server;
  let browser;

  before(async () => {
    const lobby = { env_id: volley, kwargs: {}, fps: 30 };
    server = await openServer(owner, { lobbies: Object.fromEntries(networkCases.map(({ name }) => [name, lobby])) });
    browser = await engines[0].launch(owner);
  });

  for (const { name, networks, wrong } of networkCases) {
    test(`${name}: the records are the same and true`, async (t) => {
      const both = [];
      t.after(() => Promise.all(both.map((player) => player.close())));
      for (const network of networks) {
        both.push(await openPlayer(browser, server, { env: volley, maxSteps: 150, match: { lobby: name, network } }));
      }
      await Promise.all(both.map((player) => reaches(player, 'playing')));
      await Promise.all(both.map((player) => plays(player, keys)));
      const sides = await Promise.all(both.map((player) => outcome(player)));
      await sameAndTrue(sides);
      if (!wrong) return;
      for (const { match } of sides) assert.ok(match.predicted > 0, 'frames were shown before they were known');
      assert.ok(
        sides.some(({ match }) => match.rollbacks > 0),
        'somebody guessed wrong',
      );
    });
  }
});
