import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf, commandsOf, spokenIn } from './shell.mjs';

const text = [
  'Say `palaestra envs`, or:',
  '',
  '```sh',
  'npm start # `npm test`',
  '```',
  '- a list',
  '',
  '  ```nginx file.conf',
  '  a {',
  '    b;',
  '  }',
  '  ```',
  '',
  'and `palaestra` and `npm test -- clippy`, not `play()`.',
].join('\n');

test('blocks have the line that they begin at, and no indentation of a list', () => {
  assert.deepEqual(blocksOf(text), [
    { language: 'sh', line: 4, body: 'npm start # `npm test`\n' },
    { language: 'nginx', line: 9, body: 'a {\n  b;\n}\n' },
  ]);
});

test('command lines in sentences are found, and none of a block', () => {
  assert.deepEqual(spokenIn(text), [
    { line: 1, said: 'palaestra envs' },
    { line: 14, said: 'npm test -- clippy' },
  ]);
});

test('a line has the words that a shell makes of it', () => {
  for (const [line, expected] of /** @type {[string, string[][]][]} */ ([
    ['npm test   # some', [['npm', 'test']]],
    ['# only said', []],
    [`a --kwargs '{"n": 1}' --x="b c"\\ d e#f`, [['a', '--kwargs', '{"n": 1}', '--x=b c d', 'e#f']]],
    [
      'npm run build && npm pack',
      [
        ['npm', 'run', 'build'],
        ['npm', 'pack'],
      ],
    ],
  ])) {
    assert.deepEqual(commandsOf(line), expected, line);
  }
  assert.throws(() => commandsOf("a 'b"), /a quote that does not end/);
});
