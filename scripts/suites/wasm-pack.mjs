import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { chromiumArguments } from '../browser/flags.mjs';
import { oneConnection } from '../browser/one-connection.mjs';
import { wasmTargetDir } from '../lib/paths.mjs';
import { setUpForBuild, setUpForWasmPack } from '../setup/index.mjs';
import { runTests } from './cargo-test.mjs';

/** The crates whose own tests run in a browser. */
const crates = ['crates/page', 'crates/host'];

/** Tells the driver which browser to start and how; gives the file's path. The driver makes a fresh profile each time. */
async function webdriverSettings(chrome, browserArguments) {
  const file = join(wasmTargetDir, 'webdriver.json');
  const args = ['--headless', ...chromiumArguments, ...browserArguments];
  const settings = { 'goog:chromeOptions': { binary: chrome, args } };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(settings, undefined, 2));
  return file;
}

async function testCrates(command, env, update) {
  const total = { passed: 0, failed: 0, skipped: 0, failures: [], details: '' };
  for (const crate of crates) {
    const log = `wasm-${crate.replaceAll('/', '-')}`;
    const result = await runTests([...command, crate], { log, about: 'wasm-pack test', env, update });
    if (result.passed + result.failed + result.skipped === 0) {
      result.failed = 1;
      result.failures = ['has no test that runs in a browser: write one, or take it off the list of crates'];
    }
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += result.skipped;
    total.failures.push(...result.failures.map((failure) => `${crate} ${failure}`));
    total.details = `${total.details}\n${result.details}`.trim();
  }
  return total;
}

export const wasmSuite = {
  name: 'wasm',
  about: `wasm-pack test in Chromium of ${crates.join(', ')}`,
  filterable: false,
  async run({ update }) {
    const environment = await setUpForBuild();
    const { runner, wasmPack, chrome, chromedriver } = await setUpForWasmPack();
    const path = [dirname(runner), environment.PATH ?? process.env.PATH].join(delimiter);
    const proxy = await oneConnection();
    try {
      const settings = await webdriverSettings(chrome, proxy.browserArguments);
      const env = { ...environment, PATH: path, WASM_BINDGEN_TEST_WEBDRIVER_JSON: settings };
      return await testCrates(
        [wasmPack, 'test', '--headless', '--chrome', '--chromedriver', chromedriver],
        env,
        update,
      );
    } finally {
      proxy.close();
    }
  },
};
