import assert from 'node:assert/strict';
import { test } from 'node:test';
import { root } from '../lib/paths.mjs';
import { complaintsIn } from './javascript.mjs';

test('complaints are one line each, with their place in the project', () => {
  const output = `
::error title=format,file=${root}www/a.js,line=1,endLine=1,col=2,endColumn=2::Formatter would have printed the following content:
::error title=lint/suspicious/noDebugger,file=scripts/b.mjs,line=7,endLine=7,col=1,endColumn=9::This is an unexpected use of it.
Checked 2 files in 3ms. No fixes applied.`;
  assert.deepEqual(complaintsIn(output), [
    'www/a.js is not formatted: run npm run format',
    'scripts/b.mjs:7: This is an unexpected use of it. (lint/suspicious/noDebugger)',
  ]);
  assert.deepEqual(complaintsIn('Checked 2 files in 3ms. No fixes applied.'), []);
});
