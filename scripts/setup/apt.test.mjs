import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aptInstall } from './apt.mjs';

/** What was said while `body` ran. */
async function saidDuring(t, body) {
  const lines = t.mock.method(console, 'log', () => {});
  await body();
  return lines.mock.calls.map(({ arguments: [line] }) => line);
}

test('what would be installed, and why, is one line that comes before anything is done', async (t) => {
  let asked = 0;
  const confirm = async () => {
    asked += 1;
    return false;
  };
  const said = await saidDuring(t, () =>
    assert.rejects(
      aptInstall('thing', ['one', 'two'], 'the tests need it', undefined, { confirm, root: true }),
      /not installed, as you wished: run "apt-get install one two"/,
    ),
  );
  assert.equal(asked, 1);
  assert.equal(said.length, 1);
  assert.match(said[0], /thing +this installs the Debian packages one, two on this machine: the tests need it$/);
});

test('who is not root is told what to type, and nothing else is said', async (t) => {
  const said = await saidDuring(t, () =>
    assert.rejects(aptInstall('thing', ['one'], 'why', undefined, { root: false }), /run "sudo apt-get install one"/),
  );
  assert.deepEqual(said, []);
});
