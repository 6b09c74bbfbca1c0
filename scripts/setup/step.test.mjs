import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mustRun } from '../lib/run.mjs';
import { causeOf, ensure, ensureIfPossible, MissingError } from './step.mjs';

const step = (parts) => ({ name: 'thing', installing: 'installing the thing', ...parts });

test('what is there is not installed again', async () => {
  let installed = 0;
  const value = await ensure(
    step({ check: async () => ({ note: 'there', value: 7 }), install: async () => (installed += 1) }),
  );
  assert.equal(value, 7);
  assert.equal(installed, 0);
});

test('what is missing is installed and checked again', async () => {
  let there = false;
  const value = await ensure(
    step({
      check: async () => (there ? { note: 'there', value: 'new' } : undefined),
      install: async () => void (there = true),
    }),
  );
  assert.equal(value, 'new');
});

test('an installation that leaves nothing behind is not believed', async () => {
  await assert.rejects(ensure(step({ check: async () => undefined, install: async () => {} })), MissingError);
});

test('a failed installation is one line that names the cause', async () => {
  const install = () => mustRun(['sh', '-c', 'echo "Reading lists"; echo "E: Unable to locate package x"; exit 100']);
  await assert.rejects(ensure(step({ check: async () => undefined, install })), (error) => {
    assert.ok(error instanceof MissingError);
    assert.match(error.message, /E: Unable to locate package x$/);
    assert.ok(!error.message.includes('\n'));
    return true;
  });
});

test('what can be done without is told of in one line where it is missing, and the work goes on', async (t) => {
  const lines = t.mock.method(console, 'log', () => {});
  const install = async () => {
    throw new MissingError('thing', 'only root may install it');
  };
  assert.equal(await ensureIfPossible(step({ check: async () => undefined, install }), false), undefined);
  const said = lines.mock.calls.map(({ arguments: [line] }) => line);
  assert.match(said.at(-1), /thing +its tests are skipped: only root may install it$/);
  const broken = async () => assert.fail('a fault of the step itself');
  await assert.rejects(ensureIfPossible(step({ check: broken }), false), /a fault of the step itself/);
  await assert.rejects(
    ensureIfPossible(step({ check: async () => undefined, install }), true),
    /only root may install it/,
  );
});

test('the cause of a failure is the line that says error, else the last', () => {
  assert.equal(causeOf({ output: 'a\nerror: b\nc' }), 'error: b');
  assert.equal(causeOf({ output: 'a\nc\n' }), 'c');
});
