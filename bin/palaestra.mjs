#!/usr/bin/env node
// npx palaestra copy-assets DIR: what comes with the package, for those who put it on a page. Records are verified by the command of
// the same name that is written in Rust (`cargo run -p palaestra-cli`).
import { parseArgs } from 'node:util';
import { copyAssets } from './copy-assets.mjs';

const usage = `Usage: palaestra copy-assets DIR [--family NAME]... [--compress]

Puts the files that a page loads into DIR: palaestra.js and the folders page, worker, verifier, export, policy and art.

  --family NAME  only the environments of this family, as classic_control; may be given several times
  --compress     writes a .br and a .gz beside each file, for servers that look for them`;

/** What was asked for; undefined: how to ask. */
function read(words) {
  const options = /** @type {const} */ ({
    family: { type: 'string', multiple: true },
    compress: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true });
  const [command, folder, ...rest] = positionals;
  if (values.help) return undefined;
  if (command !== 'copy-assets' || folder === undefined || rest.length > 0) {
    throw new Error(`expected copy-assets and a folder, found ${positionals.join(' ') || 'nothing'}`);
  }
  return { folder, families: values.family ?? [], compress: values.compress === true };
}

try {
  const asked = read(process.argv.slice(2));
  if (asked) {
    const { files, bytes } = await copyAssets(asked);
    console.log(`${files} files, ${(bytes / 1000).toFixed(0)} kB, in ${asked.folder}`);
  } else {
    console.log(usage);
  }
} catch (error) {
  console.error(`palaestra: ${error.message}\n\n${usage}`);
  process.exitCode = 1;
}
