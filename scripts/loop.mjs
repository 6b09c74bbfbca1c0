// npm run loop [-- --small] [--out FOLDER]: a policy is trained in Python, exported as ONNX, plays in the page, and its record comes back
// to Python: for CartPole, and for a kitchen beside the expert that it learnt from. See docs/loop.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newOwner } from './browser/owner.mjs';
import { optionsOf } from './loop/options.mjs';
import { buildSite } from './build/site.mjs';
import { main } from './lib/main.mjs';
import { plain, progress, say, since } from './lib/say.mjs';
import { setUpForBrowser, setUpForBuild } from './setup/index.mjs';
import { preparePython } from './suites/python.mjs';

await main(async () => {
  const start = Date.now();
  const { small, folder } = optionsOf(process.argv.slice(2));
  mkdirSync(folder, { recursive: true });
  await setUpForBrowser();
  // It needs the npm packages, which a fresh clone has only now.
  const { closeTheLoop } = await import('./loop/loop.mjs');
  const python = await preparePython();
  await buildSite({ environment: await setUpForBuild() });
  const owner = newOwner();
  const work = progress('loop', 'the loop');
  try {
    const report = await closeTheLoop({ owner, python, folder, small, update: work.update });
    writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
    for (const { name, trained, played } of report) {
      plain(`${name}: ${trained}`);
      plain(
        `  in the page: ${played.episodes} episodes, mean return ${played.mean.toFixed(1)}; verified again in Python`,
      );
    }
  } finally {
    work.done();
    await owner.release();
  }
  say('ok', 'loop', `in ${since(start)}; models and records are in ${folder}`);
});
