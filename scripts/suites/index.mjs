import { browserSuite, keptSuite, stressSuite } from './browser.mjs';
import { buildSuite } from './build.mjs';
import { clippySuite, formatSuite } from './cargo-checks.mjs';
import { cargoSuite } from './cargo-test.mjs';
import { dataSuite } from './data.mjs';
import { documentsSuite } from './documents.mjs';
import { guestsSuite } from './guests.mjs';
import { javascriptSuite } from './javascript.mjs';
import { loopSuite, policiesSuite } from './loop.mjs';
import { newSuite } from './new.mjs';
import { outsideSuite } from './outside.mjs';
import { packageSuite } from './package.mjs';
import { pythonSuite } from './python.mjs';
import { scriptsSuite } from './scripts.mjs';
import { structureSuite } from './structure.mjs';
import { typesSuite } from './types.mjs';
import { wasmSuite } from './wasm-pack.mjs';

/**
 * The suites of `npm test`, in their order: what fails fastest comes first.
 *
 * A suite is `{ name, about, filterable, onRequest, run(context) }`; `run` gives `{ passed, failed, skipped, failures, details }`,
 * where `failures` has a line for each failure and `details` what is worth reading of the output; `skips` may have a line
 * for each test that was skipped. One that is `onRequest` runs only where it is named. `context` has the `filter`
 * (or undefined), an `update` for progress, and `site(faults)`, which builds the site once and gives its folder.
 */
export const suites = [
  formatSuite,
  javascriptSuite,
  structureSuite,
  typesSuite,
  clippySuite,
  scriptsSuite,
  cargoSuite,
  wasmSuite,
  buildSuite,
  documentsSuite,
  outsideSuite,
  browserSuite,
  packageSuite,
  newSuite,
  stressSuite,
  keptSuite,
  pythonSuite,
  loopSuite,
  policiesSuite,
  guestsSuite,
  dataSuite,
];
