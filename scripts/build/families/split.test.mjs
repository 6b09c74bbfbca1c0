import assert from 'node:assert/strict';
import { test } from 'node:test';
import { descriptionsOf, forPages } from './registry.mjs';
import { splitOf } from './split.mjs';

const entry = (id, more = {}) => ({
  id,
  family: 'shells',
  familyTitle: 'Shells',
  summary: `About ${id}.`,
  appearances: [],
  arguments: [{ name: 'count', kind: 'integer', default: 6, summary: 'How many.' }],
  ...more,
});
const registry = [
  entry('Find-v0'),
  entry('Sort-v0', { part: 'shells::sorting' }),
  entry('Pile-v0', { part: 'shells::sorting', expert: 'shells::expert' }),
];

test('a family has a part for what its entries name, and one for programs', () => {
  const { program, options, rollout, ...parts } = splitOf(registry, 'shells');
  assert.deepEqual(parts, {
    sorting: { paths: ['shells::sorting'], entrances: ['new'] },
    expert: {
      paths: ['shells::expert::', 'palaestra_env::expert::'],
      entrances: ['shells::expert::*', 'ExpertPolicy::new'],
    },
  });
  assert.ok(options.paths.includes('shells::given::') && options.entrances.includes('shells::given::*'));
  assert.ok([program, options, rollout].every(({ paths, entrances }) => paths.length > 0 && entrances.length > 0));
  assert.deepEqual(Object.keys(splitOf(registry, 'others')), ['options', 'rollout', 'program']);
  assert.throws(() => splitOf([entry('Odd-v0', { part: 'shells::program' })], 'shells'), /no module `program`/);
});

test('pages have the facts of an environment and the name of its part, and words stand elsewhere', () => {
  const [find, sort] = forPages(registry);
  assert.deepEqual(find, {
    id: 'Find-v0',
    family: 'shells',
    arguments: [{ name: 'count', kind: 'integer', default: 6 }],
  });
  assert.equal(sort.part, 'sorting');
  assert.deepEqual([sort.expert, forPages(registry)[2].expert], [undefined, 'expert']);
  assert.deepEqual(descriptionsOf(registry)['Sort-v0'], {
    summary: 'About Sort-v0.',
    familyTitle: 'Shells',
    appearances: [],
    arguments: { count: 'How many.' },
  });
});
