// How a session stands to what keeps and sends its record: saving.js itself, with a script `page/save.js` that does what the test has it do.
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { overOnAbort } from '../../crates/page/src/api/aborting.js';

let folder;
let Saving;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palaestra-saving-'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  await writeFile(join(folder, 'module-parts.js'), 'export const part = (name) => globalThis.stubbedPart(name);\n');
  const copied = ['saving.js', 'options.js', 'page.js'];
  await Promise.all(
    copied.map((name) => copyFile(new URL(`../../crates/page/src/${name}`, import.meta.url), join(folder, name))),
  );
  ({ Saving } = await import(pathToFileURL(join(folder, 'saving.js')).href));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A session that plays, whose record is to be sent; `part` loads the script. */
function playing(t, part) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const warned = t.mock.method(console, 'warn', () => {});
  let asked = 0;
  Object.assign(globalThis, {
    stubbedPart() {
      asked += 1;
      return part();
    },
  });
  t.after(() => delete globalThis.stubbedPart);
  const saving = new Saving({ callback() {} }, {});
  let saved = false;
  saving.done.then(() => {
    saved = true;
  });
  saving.begin({}, { envId: 'X' });
  const settled = () => new Promise((done) => setImmediate(done));
  return {
    saving,
    settled,
    async pass(ms) {
      t.mock.timers.tick(ms);
      await settled();
    },
    /** How it stands, how often the script was asked for, and whether it has come to its end. */
    get state() {
      const { kept, sent } = saving.view;
      return [kept.state, kept.error?.code, sent.state, sent.error?.code, asked, saved];
    },
    warnings: () => warned.mock.calls.map(({ arguments: [error] }) => error.message),
  };
}

test('where what sends a record cannot be loaded it is tried for as long as the session lives, and given up after its end', async (t) => {
  const session = playing(t, () => Promise.reject(new Error('page/save.js: no such file')));
  await session.settled();
  for (const [index, ms] of [1000, 4000, 15_000, 15_000, 15_000].entries()) {
    assert.deepEqual(session.state, ['failed', 'not_kept', 'waiting', 'not_sent', index + 1, false]);
    await session.pass(ms);
  }
  session.saving.over('{}');
  await session.settled();
  assert.equal(session.state.at(-1), false);
  await session.pass(15_000);
  assert.deepEqual(session.state, ['failed', 'not_kept', 'failed', 'not_sent', 7, true]);
  await session.pass(60_000);
  assert.equal(session.state[4], 7);
  assert.deepEqual(session.warnings(), ['page/save.js: no such file']);
});

test('what was recorded of an environment that is closed before its first reset is over, and its signal is let go of', async (t) => {
  const { signal } = new AbortController();
  const added = t.mock.method(signal, 'addEventListener');
  const removed = t.mock.method(signal, 'removeEventListener');
  const saving = new Saving(undefined, {});
  overOnAbort(signal, saving);
  assert.deepEqual([added.mock.callCount(), removed.mock.callCount()], [1, 0]);
  saving.closed();
  await saving.done;
  await new Promise((done) => setImmediate(done));
  assert.equal(removed.mock.callCount(), 1);
  assert.equal(removed.mock.calls[0].arguments[1], added.mock.calls[0].arguments[1]);
});

test('of an environment that is closed while the script that keeps it comes, all that was recorded is kept', async (t) => {
  const finished = [];
  const session = playing(t, async () => ({
    keep: (_handle, _save, _about, tell) => ({
      kept: 5,
      finish: async () => void finished.push(tell({ kept: { state: 'kept', steps: 5 } })),
      taken() {},
    }),
  }));
  session.saving.closed();
  await session.settled();
  assert.deepEqual([finished.length, session.state[0]], [1, 'kept']);
});

test('where nothing was played nothing is tried any more', async (t) => {
  const session = playing(t, () => Promise.reject(new Error('no such file')));
  session.saving.nothing('{}');
  for (const ms of [1000, 4000, 15_000, 15_000, 15_000]) await session.pass(ms);
  assert.deepEqual([session.state[4], session.state[5]], [4, true]);
});

test('a record is kept and sent from where what does it has come, however late', async (t) => {
  const finished = [];
  let online = false;
  const session = playing(t, async () => {
    if (!online) throw new Error('no such file');
    return {
      keep(_handle, _save, _about, tell) {
        tell({ kept: { state: 'keeping', steps: 5 } });
        tell({ sent: { state: 'saving', steps: 5 } });
        return { kept: 5, finish: async (header) => void finished.push(header), taken() {} };
      },
    };
  });
  for (const ms of [1000, 4000, 15_000, 15_000]) await session.pass(ms);
  online = true;
  await session.pass(15_000);
  assert.deepEqual(session.state.slice(0, 4), ['keeping', undefined, 'saving', undefined]);
  session.saving.over('{}');
  assert.deepEqual(finished, ['{}']);
});

test('a record that what keeps it cannot read comes to its end as failed', async (t) => {
  const keep = () => {
    throw new Error('the module has failed');
  };
  const session = playing(t, async () => ({ keep }));
  await session.settled();
  session.saving.over();
  for (const ms of [1000, 4000, 15_000]) await session.pass(ms);
  assert.deepEqual(session.state.toSpliced(4, 1), ['failed', 'not_kept', 'failed', 'not_sent', true]);
});
