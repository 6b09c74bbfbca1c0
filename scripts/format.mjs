// npm run format: formats the Rust and the JavaScript, as the suites fmt and js of npm test want them.
import { join } from 'node:path';
import { main, PlainError } from './lib/main.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { say } from './lib/say.mjs';
import { setUpNodeModules, setUpRust } from './setup/index.mjs';
import { biome } from './suites/javascript.mjs';

await main(async () => {
  await setUpRust();
  await setUpNodeModules();
  const commands = {
    rust: ['cargo', 'fmt', '--all'],
    fuzz: ['cargo', 'fmt', '--manifest-path', join('fuzz', 'Cargo.toml')],
    js: [process.execPath, biome, 'check', '--write', '.'],
  };
  for (const [name, command] of Object.entries(commands)) {
    const { code, output } = await run(command, { cwd: root });
    if (code !== 0) throw new PlainError(name, output);
    say('ok', name, output.trim().split('\n').at(-1) || 'formatted');
  }
});
