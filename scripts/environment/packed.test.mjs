import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { root } from '../lib/paths.mjs';

/** The scripts in a file or folder of the project. */
function scriptsIn(path) {
  const whole = join(root, path);
  if (!existsSync(whole)) return [];
  if (statSync(whole).isFile()) return [path];
  return readdirSync(whole, { recursive: true })
    .map((name) => join(path, String(name)))
    .filter((name) => /(?<!\.test)\.mjs$/.test(name));
}

test('every script of the package finds there what it imports', () => {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const packed = new Set(files.filter((name) => /^(bin|scripts)(\/|$)/.test(name)).flatMap(scriptsIn));
  assert.ok(packed.has('scripts/environment/set-up.mjs') && packed.size > 20, `${packed.size} scripts`);
  const lacking = [...packed].flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    // What is imported later may be for clones alone.
    const imports = [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)';/gm)].map(([, found]) => found);
    const wanted = imports.map((found) => relative(root, join(root, dirname(path), found)));
    // Of the page's own all are there.
    const isThere = (found) => packed.has(found) || found.startsWith('crates/page/src/');
    return wanted.filter((found) => !isThere(found)).map((found) => `${path}: ${found}`);
  });
  assert.deepEqual(lacking, []);
});
