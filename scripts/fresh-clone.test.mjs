import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from './lib/paths.mjs';

/** What is loaded with a script, and what of it a fresh clone has not: npm packages, as `FILE: PACKAGE`. */
function loadedWith(path, seen = new Set()) {
  if (seen.has(path)) return [];
  seen.add(path);
  const text = readFileSync(join(root, path), 'utf8');
  const imports = [...text.matchAll(/^(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*['"]([^'"]+)['"];/gm)];
  const named = imports.map(([, found]) => found).filter((found) => !found.startsWith('node:'));
  const [own, packages] = [named.filter((found) => found.startsWith('.')), named.filter((found) => !/^\./.test(found))];
  // At the start of a line: in a function it waits until somebody calls that.
  const tools = [...text.matchAll(/^(?!import|export function|function)\S.*\bnpmTool\(['"]([^'"]+)/gm)];
  const lacking = [...packages, ...tools.map(([, found]) => found)].map((found) => `${path}: ${found}`);
  return [...lacking, ...own.flatMap((found) => loadedWith(join(dirname(path), found), seen))];
}

test('every command starts in a fresh clone: what needs an npm package is imported after the set-up', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const commands = new Set(Object.values(scripts).flatMap((line) => line.match(/\bscripts\/\S+\.mjs\b/g) ?? []));
  assert.ok(commands.has('scripts/start.mjs') && commands.size > 15, `${commands.size} commands`);
  const lacking = [...commands].map((path) => [path, loadedWith(path)]).filter(([, found]) => found.length > 0);
  assert.deepEqual(lacking, []);
  // So that nobody takes a search that finds nothing for a command that needs nothing.
  assert.deepEqual(loadedWith('scripts/serve/media-types.mjs'), ['scripts/serve/media-types.mjs: mrmime']);
  assert.ok(loadedWith('scripts/browser/chromium.mjs').includes('scripts/browser/chromium.mjs: playwright-core'));
});
