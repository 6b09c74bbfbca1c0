// npm run palaestra -- [--family FOLDER]… [--alone] COMMAND…: the palaestra command, with families from elsewhere too.
import { spawn } from 'node:child_process';
import { buildCommandWith, featuresFor } from './build/families/command.mjs';
import { familyOptions } from './build/families/options.mjs';
import { main } from './lib/main.mjs';
import { setUpRust } from './setup/index.mjs';

await main(async () => {
  const { families, rest } = familyOptions(process.argv.slice(2));
  await setUpRust();
  const command = await buildCommandWith(families, featuresFor(rest[0]));
  // Its own paths are those of the folder in which npm was called.
  const child = spawn(command, rest, { stdio: 'inherit', cwd: process.env.INIT_CWD ?? process.cwd() });
  process.exitCode = await new Promise((ended, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => ended(code ?? 1));
  });
});
