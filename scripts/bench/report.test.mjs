import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { figure } from './figures.mjs';
import { reportPage } from './page.mjs';
import { sections } from './sections.mjs';
import { targets } from './targets.mjs';
import { boundText, short, verdicts } from './terminal.mjs';

const atMost = (target, value) => ({ target, of: 'ratio', at: 'most', value });
const peer = { label: 'the <floor>', values: [1, 1, 1] };
const reached = figure({ name: 'fast', unit: 'ms', ours: [1, 1.1, 1.2], peer, bound: atMost(1, 1.25) });
const missed = figure({ name: 'slow', unit: 'ms', ours: [3], peer, bound: atMost(1, 1.25) });
const results = {
  roundtrip: { figures: [reached, missed], notes: ['a & b'], measured: '2026-01-02', seconds: 3 },
  sizes: { failed: 'no dist', figures: [], notes: [], measured: '2026-01-02' },
  soak: {
    figures: [],
    notes: [],
    measured: '2026-01-02',
    plots: [
      {
        title: 'nodes',
        unit: 'nodes',
        x: 'session',
        points: [
          [5, 12],
          [10, 12],
        ],
      },
    ],
  },
};
const report = {
  machine: { cpu: 'x', cores: 2, memoryGB: 4, system: 's', node: 'v', chromium: 'c' },
  sections: results,
};

describe('the report', () => {
  test('writes numbers with three digits that mean something', () => {
    const shown = [0, 12, 0.0421, 1.5, 999.4, 12_345, 2_230_000, NaN].map(short);
    assert.deepEqual(shown, ['0', '12', '0.042', '1.50', '999', '12.3k', '2.23M', '-']);
  });

  test('counts a target as reached only by the figures that reach it', () => {
    const [first, second] = verdicts(targets, results);
    assert.deepEqual([first.figures, first.reached], [2, 1]);
    assert.equal(second.figures, 0);
  });

  test('says what a figure has to reach', () => {
    assert.equal(boundText(missed.bound, 'ms'), 'target 1: at most 1.25x');
    assert.equal(boundText({ target: 7, of: 'figure', at: 'most', value: 2 }, 'ms'), 'target 7: at most 2 ms');
  });

  test('is a page in which every text is escaped and every number is one', () => {
    const page = reportPage(report, sections, targets);
    assert.match(page, /the &lt;floor&gt;/);
    assert.match(page, /a &amp; b/);
    assert.match(page, /It could not be measured: no dist/);
    assert.match(page, /class="missed">not reached/);
    assert.doesNotMatch(page, /NaN|undefined|\[object/);
  });

  test('has a section for each name and a target for each number', () => {
    assert.equal(new Set(sections.map(({ name }) => name)).size, sections.length);
    assert.deepEqual(
      targets.map(({ number }) => number),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    );
  });
});
