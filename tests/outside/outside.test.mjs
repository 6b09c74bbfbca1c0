// A family in a folder outside the project: written from the documentation page, built, played with keys, and verified.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openFolder } from '../../scripts/browser/site.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { nativeTargetDir, root } from '../../scripts/lib/paths.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { linesOf, openDemo, stepsOf, strike, verdict } from '../browser/support/demo.mjs';
import { documented, writeFamily } from './page.mjs';

const minutes = 60_000;
// The same for every run of this clone, so that cargo finds again what it has compiled; and no other clone's.
const folder = join(tmpdir(), `palaestra-outside-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`);
/** Where the page has the clone, beside the family: paths on a command line are relative to it. */
const clone = join(folder, 'palaestra');
const beach = join(folder, 'beach');
const out = join(folder, 'beach-site');

/** What `npm run` does, called from the folder of the clone. */
const script = (name, words) =>
  run(['node', join(root, `scripts/${name}.mjs`), ...words], {
    cwd: root,
    env: { INIT_CWD: clone },
    timeoutMs: 15 * minutes,
  });

async function mustBuild(words) {
  const { code, output } = await script('build', words);
  assert.equal(code, 0, output);
}

/** The one line in which a build says why there is none. */
async function refusal(words) {
  const { code, output } = await script('build', words);
  assert.equal(code, 1, output);
  const told = output.split('\n').filter((line) => line.startsWith('FAIL'));
  assert.equal(told.length, 1, output);
  return told[0];
}

const registryOf = async (site) => JSON.parse(await readFile(join(site, 'page/registry.json'), 'utf8'));

before(async () => {
  await mkdir(clone, { recursive: true });
  await rm(out, { recursive: true, force: true });
  assert.deepEqual(await writeFamily(beach), ['Cargo.toml', 'src/lib.rs', 'art/beach.svg', 'tests/family.rs']);
});

test('the environment of the page keeps the contract, by the tests of the page', async () => {
  // The versions that this project has: nothing need be asked of a registry.
  await copyFile(join(root, 'Cargo.lock'), join(beach, 'Cargo.lock'));
  const { code, output } = await run(['cargo', 'test', '--tests'], {
    cwd: beach,
    env: { CARGO_TARGET_DIR: nativeTargetDir },
    timeoutMs: 15 * minutes,
  });
  assert.equal(code, 0, output);
  assert.match(output, /test result: ok\. 8 passed/);
});

describe('a site with a family from a folder outside', () => {
  const owner = sharedOwner();

  test('is built, played with keys, and its record verified, by the commands of the page', async () => {
    await mustBuild(await documented('build'));
    const entries = await registryOf(out);
    assert.ok(entries.length > 1, 'beside those that come with Palaestra');
    assert.equal(entries.at(-1).id, 'Beach-v0');

    const site = await openFolder(owner, out);
    const browser = await launchBrowser(owner);
    const page = await openDemo(browser, site, { env: 'Beach-v0', seed: 7, episodes: 1 });
    const orange = await page.evaluate(async () => {
      await new Promise((painted) => {
        requestAnimationFrame(() => requestAnimationFrame(painted));
      });
      const canvas = document.getElementById('canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4)
        count += data[i] === 0xc4 && data[i + 1] === 0x62 && data[i + 2] === 0x3f ? 1 : 0;
      return count / (data.length / 4);
    });
    assert.ok(orange > 0.003, `the crab covers ${orange} of the picture`);
    assert.ok(site.requests.some(({ path, status }) => path === '/art/beach.svg' && status === 200));

    // Into the corner, and from there over every cell.
    const across = (key) => Array(4).fill(key);
    const rows = Array.from({ length: 5 }, (_, y) => [
      ...across(y % 2 ? 'ArrowLeft' : 'ArrowRight'),
      'ArrowDown',
    ]).flat();
    const strokes = [...across('ArrowLeft'), ...across('ArrowUp'), ...rows];
    const played = [];
    for (const key of strokes) {
      if (await page.evaluate(() => window.game.state !== 'playing')) break;
      await strike(page, key);
      played.push(key);
    }
    assert.match(await verdict(page), new RegExp(`^Verified: ${played.length} steps identical`));

    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#ended .download').click()]);
    await download.saveAs(join(clone, 'session.jsonl.gz'));
    const lines = linesOf(gunzipSync(await readFile(join(clone, 'session.jsonl.gz'))).toString());
    const actions = ['ArrowUp', 'ArrowRight', 'ArrowDown', 'ArrowLeft'];
    assert.deepEqual(
      stepsOf(lines).map(({ action }) => actions[action]),
      played,
    );
    assert.equal(
      stepsOf(lines).reduce((sum, { reward }) => sum + reward, 0),
      6,
    );
    assert.equal(stepsOf(lines).at(-1).terminated, true);
    await page.context().close();
    await workersGone(browser);

    const { code, output } = await script('palaestra', await documented('palaestra', / verify /));
    assert.equal(code, 0, output);
    assert.match(output, /1 passed, 0 failed/);
  });

  test('may have that family alone', async () => {
    const alone = join(folder, 'alone-site');
    await mustBuild(['--family', '../beach', '--alone', '--out', '../alone-site']);
    assert.deepEqual(
      (await registryOf(alone)).map(({ id, family }) => [id, family]),
      [['Beach-v0', 'beach']],
    );
    const modules = (await readdir(join(alone, 'worker'))).filter((file) => file.endsWith('.wasm'));
    assert.deepEqual(modules.sort(), [
      'beach_bg.wasm',
      'beach_options.wasm',
      'beach_program.wasm',
      'beach_rollout.wasm',
    ]);
    const art = await readdir(join(alone, 'art'));
    assert.deepEqual(
      art.filter((file) => !/\.(br|gz)$/.test(file)),
      ['beach.svg'],
    );
    const [same, beside] = [alone, out].map((site) => readFile(join(site, 'worker/beach_bg.wasm')));
    assert.ok((await same).equals(await beside), 'the module is the same');
  });
});

describe('a folder that is no family', () => {
  const crate = (name, manifest, source) => async () => {
    const path = join(folder, name);
    await mkdir(join(path, 'src'), { recursive: true });
    await writeFile(join(path, 'Cargo.toml'), manifest);
    await writeFile(join(path, 'src/lib.rs'), source);
    return `../${name}`;
  };
  const head = '[package]\nname = "stranger"\nversion = "0.1.0"\nedition = "2024"\n';
  const env = `[dependencies]\npalaestra-env = { path = ${JSON.stringify(join(root, 'crates/env'))} }\n`;
  /** @type {[what: string, make: () => string | Promise<string>, told: RegExp][]} */
  const cases = [
    ['is not there', () => '../nowhere', /found nothing at .*nowhere/],
    ['has no Cargo.toml', () => '.', /found no Cargo\.toml in /],
    ['has one that cannot be read', crate('broken', '[package', ''), /cargo cannot read/],
    ['does not depend on palaestra-env', crate('other', head, ''), /a crate that does not depend on palaestra-env/],
    ['has no FAMILY', crate('without', head + env, ''), /expected `pub const FAMILY: palaestra_env::catalog::Family`/],
    [
      'has a FAMILY that is something else',
      crate('odd', head + env, 'pub const FAMILY: u8 = 1;\n'),
      /found another type/,
    ],
  ];
  for (const [what, make, told] of cases) {
    test(`and ${what} is refused in one line`, async () => {
      assert.match(await refusal(['--family', await make(), '--out', '../refused']), told);
    });
  }

  test('or takes the place of a picture is refused in one line', async () => {
    const source = (await readFile(join(beach, 'src/lib.rs'), 'utf8')).replace('"beach.svg"', '"minigrid.svg"');
    const path = await crate('painter', head + env, source.replaceAll('../art', '../../beach/art'))();
    assert.match(
      await refusal(['--family', path, '--out', '../refused']),
      /expected one picture at art\/minigrid\.svg/,
    );
  });

  test('or has the name of another family is refused in one line', async () => {
    const source = (await readFile(join(beach, 'src/lib.rs'), 'utf8')).replace('name: "beach"', 'name: "toy_text"');
    const path = await crate('namesake', head + env, source.replaceAll('../art', '../../beach/art'))();
    assert.match(
      await refusal(['--family', path, '--out', '../refused']),
      /expected one family of a name, found `toy_text` twice/,
    );
  });

  test('a site is not built over a folder of something else', async () => {
    assert.match(await refusal(['--out', '../beach']), /--out: expected a new folder/);
    assert.ok((await readdir(beach)).includes('Cargo.toml'));
  });
});
