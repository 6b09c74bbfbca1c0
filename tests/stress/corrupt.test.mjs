// One browser's game is changed behind its back: the others notice, the server says who is wrong, and the match goes on.
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { engines } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { verify } from '../browser/support/native.mjs';
import {
  actionsOf,
  openPlayer,
  openServer,
  outcome,
  reaches,
  shared,
  stepsPass,
} from '../browser/support/together.mjs';

const tag = 'mpe2/simple_tag_v3';

/**
 * Goes before the Worker's own script: hears of a number, and changes each double in the module's memory that is it, rounded to a
 * float. Answers with how many there were.
 */
function corrupts() {
  const memories = [];
  WebAssembly.Instance = class extends WebAssembly.Instance {
    constructor(module, imports) {
      super(module, imports);
      // A part of a module works in the module's own memory.
      if (this.exports.memory) memories.push(this.exports.memory);
    }
  };
  const channel = new BroadcastChannel('corrupt');
  channel.onmessage = ({ data }) => {
    if (typeof data !== 'number') return;
    let changed = 0;
    for (const memory of memories) {
      const doubles = new Float64Array(memory.buffer);
      for (let at = 0; at < doubles.length; at += 1) {
        if (Math.fround(doubles[at]) !== data) continue;
        doubles[at] += 0.125;
        changed += 1;
      }
    }
    channel.postMessage({ changed });
  };
}

/** Has every Worker of a site listen to what it is to change: to its own page, as each page has a profile of its own. */
async function listening(site) {
  const boot = join(site, 'worker/boot.js');
  await writeFile(boot, `(${corrupts})();\n${await readFile(boot, 'utf8')}`);
  for (const packed of ['br', 'gz']) await rm(`${boot}.${packed}`, { force: true });
}

describe('a game that is changed behind its back', { timeout: 120_000 }, () => {
  const owner = sharedOwner();
  let server;
  let browser;

  before(async () => {
    // Two people and two that stand still: where nobody moves, a position is the same number for as long as one likes.
    const lobby = { env_id: tag, kwargs: { max_cycles: 400 }, size: 2, fps: 30 };
    server = await openServer(owner, { lobbies: { tag: lobby } });
    await listening(server.site);
    browser = await engines[0].launch(owner);
  });

  test('is noticed, put right, and stands in the record; both play on to the end', async (t) => {
    const options = { env: tag, kwargs: { max_cycles: 400 }, maxSteps: 300, match: { lobby: 'tag' } };
    const both = [await openPlayer(browser, server, options), await openPlayer(browser, server, options)];
    t.after(() => Promise.all(both.map((player) => player.close())));
    await Promise.all(both.map((player) => reaches(player, 'playing')));
    await Promise.all(both.map((player) => stepsPass(player, 40)));
    const change = () =>
      both[0].evaluate(async () => {
        const channel = new BroadcastChannel('corrupt');
        const answer = new Promise((resolve) => {
          channel.onmessage = ({ data }) => resolve(data.changed);
        });
        // Where somebody stands whom nobody moves, and with whom nobody has collided: an observation begins with velocity and position.
        const standing = () => Object.values(window.rows.at(-1).observation).find(([vx, vy]) => vx === 0 && vy === 0);
        const still = await window.until('somebody to stand still', standing, 5000);
        channel.postMessage(still[2]);
        const changed = await window.within('the Worker to change its memory', answer, 10_000);
        channel.close();
        return changed;
      });
    const noticed = () =>
      both[0].evaluate(async () => (await (await window.game.snapshot()).text()).includes('"event":"desync"'));
    // The game may go back to a snapshot, which is bytes and not changed, right after: then nothing has happened. A difference that stays and that
    // nobody notices fails below: the record's replay compares the state of every step.
    let changed = 0;
    for (let tries = 0; tries < 4 && !(await noticed()); tries += 1) {
      changed += await change();
      await stepsPass(both[0], 40);
    }
    assert.ok(changed > 0, 'the position stood in its memory');
    const sides = await Promise.all(both.map((player) => outcome(player)));
    for (const { reason, error, text, match, verification } of sides) {
      assert.deepEqual([reason, error], ['complete', null]);
      assert.equal(actionsOf(text).length, 300);
      // What was confirmed before is not touched, and what came after comes from the true state.
      assert.equal(verification.identical, true, verification.message);
      assert.match(text, /"event":"desync"/);
      // Seat 0 is the one that was changed: both know it.
      assert.match(text, /"event":"resynced","epoch":1,"frame":\d+,"wrong":1\b/);
      assert.equal(match.record.verified, true, JSON.stringify(match.record));
    }
    assert.deepEqual(shared(sides[1].text), shared(sides[0].text));
    assert.match(await verify(sides[0].text), /identical\n1 passed, 0 failed/);
  });
});
