import assert from 'node:assert/strict';
import test from 'node:test';
import { registryScript } from './files.mjs';

test('the registry in a script is the registry, and keys that several environments have stand in it once', async () => {
  const arrows = [[{ action: 0, keys: 'ArrowLeft', label: 'Left' }]];
  const entries = [
    { id: 'a', keys: arrows, title: 'A "title"' },
    { id: 'b', keys: [[]], title: 'B' },
    { id: 'c', keys: structuredClone(arrows), title: 'C' },
  ];
  const script = registryScript(entries);
  const read = await import(`data:text/javascript,${encodeURIComponent(script)}`);
  assert.deepEqual(read.entries, entries);
  // In whatever order they stand: none is added, and none is there with nothing in it.
  const names = (entry) => Object.keys(entry).sort();
  assert.deepEqual(read.entries.map(names), entries.map(names));
  assert.equal(script.split('ArrowLeft').length, 2);
});
