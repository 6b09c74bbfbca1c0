// npm test [-- SUITE...] [-- FILTER]: everything but what runs on request only, some suites, or the tests whose name has FILTER in it.
import { buildSite } from './build/site.mjs';
import { main, PlainError } from './lib/main.mjs';
import { plain, progress, say, since } from './lib/say.mjs';
import { setUpForBuild, setUpRust } from './setup/index.mjs';
import { MissingError } from './setup/step.mjs';
import { choose } from './suites/choose.mjs';

/** Builds each variant of the site at most once in a run, and not at all where no suite asks for it. */
function siteBuilder() {
  const built = new Map();
  return (faults) => {
    const build = async () => buildSite({ environment: await setUpForBuild(), faults });
    if (!built.has(faults)) built.set(faults, build());
    return built.get(faults);
  };
}

/** Runs a suite; what is missing on this machine, or a broken suite, is a failure of it and not the end of the run. */
async function runSuite(suite, context) {
  const start = Date.now();
  const work = progress(suite.name, suite.about);
  let result;
  try {
    result = await suite.run({ ...context, update: work.update });
  } catch (error) {
    const known = error instanceof MissingError || error instanceof PlainError;
    const reason = known ? error.message : (error.stack ?? String(error));
    result = { passed: 0, failed: 1, skipped: 0, failures: [`${error.step ?? error.about ?? suite.name}: ${reason}`] };
  }
  work.done();
  if (result.details) plain(`${result.details}\n`);
  say(result.failed === 0 ? 'ok' : 'fail', suite.name, counts(result));
  return { suite, result, took: since(start) };
}

const oneLine = (text) => text.replace(/\s*\n\s*/g, ' ');

const counts = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** The suites, one line each, and then whatever failed, one line each: the last thing that is said is what to mend. */
function summarise(outcomes, start) {
  plain();
  for (const { suite, result, took } of outcomes) {
    say(result.failed === 0 ? 'ok' : 'fail', suite.name, `${counts(result)}  (${took})`);
    for (const skipped of result.skips ?? []) say('note', suite.name, `skipped: ${oneLine(skipped)}`);
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { result } of outcomes) for (const key of Object.keys(total)) total[key] += result[key];
  plain(`\nIn ${since(start)}: ${counts(total)}`);
  for (const { suite, result } of outcomes)
    for (const failure of result.failures) say('fail', suite.name, oneLine(failure));
  return total;
}

await main(async () => {
  const start = Date.now();
  const { chosen, filter } = choose(process.argv.slice(2));
  if (chosen.length === 0)
    throw new PlainError('test', 'a filter works with the suites cargo, browser, package, stress and kept only');
  await setUpRust();
  const context = { filter, site: siteBuilder() };
  const outcomes = [];
  for (const suite of chosen) outcomes.push(await runSuite(suite, context));
  const total = summarise(outcomes, start);
  if (total.passed + total.failed === 0) throw new PlainError('test', `no test matches "${filter}"`);
  if (total.failed > 0) process.exitCode = 1;
});
