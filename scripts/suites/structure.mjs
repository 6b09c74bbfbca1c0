import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { root } from '../lib/paths.mjs';
import { mustRun } from '../lib/run.mjs';
import { circles } from '../structure/circles.mjs';
import { wrongDependencies } from '../structure/crates.mjs';
import { beyond } from '../structure/exceptions.mjs';
import { usesOf } from '../structure/rust-uses.mjs';

/** The texts of a folder's files by their paths in it; none of a folder that is not there. */
async function filesIn(folder) {
  if (!existsSync(join(root, folder))) return new Map();
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(join(root, folder).length + 1));
  const files = new Map();
  for (const path of paths.sort()) files.set(path, await readFile(join(root, folder, path), 'utf8'));
  return files;
}

/** What cargo knows of the project's crates. */
async function packagesOf() {
  const metadata = await mustRun(['cargo', 'metadata', '--no-deps', '--format-version', '1', '--offline'], {
    cwd: root,
  });
  const json = metadata.split('\n').find((line) => line.startsWith('{'));
  return JSON.parse(json).packages;
}

const checkCrates = (rules, packages) => wrongDependencies(packages, rules);

/** The `src` folders of the project's crates, from its root. */
const sourcesOf = (packages) =>
  packages.map(({ manifest_path }) => join(relative(root, dirname(manifest_path)), 'src')).sort();

async function checkCircles(_rules, packages) {
  const failures = [];
  for (const folder of sourcesOf(packages)) {
    const found = circles(usesOf(await filesIn(folder)));
    failures.push(...found.map((files) => `${folder}: files that use each other in a circle: ${files.join(', ')}`));
  }
  return failures;
}

async function checkLines({ lines: { most, exceptions } }, _packages) {
  const found = new Map();
  for (const [folder, limit] of Object.entries(most)) {
    for (const [path, text] of await filesIn(folder)) {
      const count = text.split('\n').length - 1;
      if (count > limit) found.set(`${folder}/${path}`, `${folder}/${path} has ${count} lines, more than ${limit}`);
    }
  }
  return beyond(found, exceptions, 'is no longer too long');
}

/** Whether the project is built as docs/structure.json says. */
export const structureSuite = {
  name: 'structure',
  about: 'who may depend on whom, circles of files, and their lengths: docs/structure.json',
  filterable: false,
  async run() {
    const rules = JSON.parse(await readFile(join(root, 'docs/structure.json'), 'utf8'));
    const packages = await packagesOf();
    const result = { passed: 0, failed: 0, skipped: 0, failures: [] };
    for (const check of [checkCrates, checkCircles, checkLines]) {
      const failures = await check(rules, packages);
      result.failures.push(...failures);
      result.failed += failures.length;
      result.passed += failures.length === 0 ? 1 : 0;
    }
    return result;
  },
};
