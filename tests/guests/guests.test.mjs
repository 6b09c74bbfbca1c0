// Environments in Python in the page: made, played, saved, drawn, and everything that can go wrong with them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { resultsDir, root } from '../../scripts/lib/paths.mjs';
import { linesOf, stepsOf } from '../browser/support/demo.mjs';
import { openBarePage } from '../browser/support/pages.mjs';
import { unzipped } from '../browser/support/unzip.mjs';
import { guest, MUG, openGuestSite, PETTINGZOO } from './support/open.mjs';

const trouble = (kwargs) => guest({ module: 'worlds/trouble.py', kwargs });

/** A record's table as the program in docs/guests.md makes it: its columns' names, and its rows by these. */
async function tableInPython(text) {
  const document = await readFile(join(root, 'docs/guests.md'), 'utf8');
  const program = document
    .split('```python\n')
    .find((block) => block.startsWith('import csv'))
    ?.split('```')[0];
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-table-'));
  try {
    const [record, table] = [join(folder, 'record.jsonl'), join(folder, 'table.csv')];
    await writeFile(record, text);
    await promisify(execFile)('python3', ['-c', program, record, table]);
    const [names, ...rows] = (await readFile(table, 'utf8'))
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(','));
    return { names, rows: rows.map((cells) => Object.fromEntries(cells.map((cell, at) => [names[at], cell]))) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes a wheel of one module. */
const WHEEL = `
import sys, zipfile
about = "orchard_levels-1.0.dist-info/"
with zipfile.ZipFile(sys.argv[1], "w") as out:
    out.writestr("orchard_levels.py", "TREES = 41\\n")
    out.writestr(about + "METADATA", "Metadata-Version: 2.1\\nName: orchard-levels\\nVersion: 1.0\\n")
    out.writestr(about + "WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    out.writestr(about + "RECORD", "")
`;

/** Two kinds of actions, of which a record has the number alone. */
const AMBIGUOUS = `
import gymnasium

class Ambiguous(gymnasium.Env):
    action_space = gymnasium.spaces.OneOf([gymnasium.spaces.Discrete(2), gymnasium.spaces.Discrete(5)])
    observation_space = gymnasium.spaces.Discrete(2)

    def reset(self, seed=None, options=None):
        return 0, {}

    def step(self, action):
        return 1, 0.0, False, False, {}
`;

/** Makes an environment and takes up to five steps; gives the error, or what the last one returned. */
const met = (page, kwargs, options = {}, action = 0) =>
  page.evaluate(
    ([kwargs, options, action]) =>
      window.attempt(async () => {
        const env = await window.palaestra.make('guest/trouble', kwargs, options);
        await env.reset({ seed: 1 });
        let returned;
        for (let t = 0; t < 5; t += 1) returned = await env.step(action);
        await env.close();
        return returned;
      }, 60_000),
    [kwargs, options, action],
  );

describe('a guest', () => {
  const owner = sharedOwner();
  let browser;
  let page;
  let site;
  /** Whether what reads the tables of guests is not to be had. */
  let gone = false;

  before(async () => {
    const intercept = (path) => gone && path.endsWith('_told.wasm') && { status: 404, body: 'gone' };
    site = await openGuestSite(owner, { intercept });
    browser = await launchBrowser(owner);
    page = await openBarePage(browser, site);
  });
  afterEach(() => workersGone(browser));

  test('says its spaces, takes what lies in them, and tells how loading goes', async () => {
    const found = await page.evaluate(
      async (kwargs) => {
        const heard = [];
        const onProgress = ({ phase, done, of }) => heard.push(`${phase} ${done}/${of}`);
        const env = await window.palaestra.make('guest/catch', kwargs, { onProgress });
        const { observation } = await env.reset({ seed: 3, options: { basket: 1 } });
        const refused = await window.attempt(() => env.step(3));
        const hash = await env.hash();
        const many = await env.stepMany([0, 1, 2, 1], { autoreset: true });
        const { spec } = env;
        await env.close();
        return { heard, observation, refused, hash: String(hash), many: many.length, spec };
      },
      guest({ module: 'worlds/catch.py' }),
    );
    assert.deepEqual(
      found.heard.filter((line) => !line.startsWith('packages')),
      ['Pyodide 0/1', 'module 0/1', 'module 1/1'],
    );
    assert.equal(found.heard.filter((line) => line.startsWith('packages')).length, 5);
    assert.equal(found.observation.basket, 1);
    assert.equal(found.refused.error.code, 'bad_action');
    assert.match(found.refused.error.message, /expected Discrete\(3\): an integer from 0 to 2; found 3/);
    assert.equal(found.many, 4);
    assert.equal(found.spec.renderFps, 10);
    assert.deepEqual(Object.keys(found.spec.observationSpaces[0].spaces), ['apple', 'basket', 'wind']);
  });

  test('tells how loading goes to who loads it, and not to who was refused before', async () => {
    const found = await page.evaluate(
      async (kwargs) => {
        const heard = [];
        const hears = (name) => ({ onProgress: () => heard.push(name) });
        const { make, play } = window.palaestra;
        const refused = await window.attempt(() => make('guest/catch', kwargs, { ...hears('make'), stepTimeout: -1 }));
        const options = { env: 'guest/catch', kwargs, idle: 1, stepTimeout: -1, ...hears('play') };
        const unplayed = await window.attempt(() => play(options).finished);
        const env = await make('guest/catch', kwargs, hears('loaded'));
        await env.close();
        return { codes: [refused, unplayed].map(({ error }) => error?.code), heard: [...new Set(heard)] };
      },
      guest({ module: 'worlds/catch.py' }),
    );
    assert.deepEqual(found, { codes: ['bad_argument', 'bad_argument'], heard: ['loaded'] });
  });

  test('is saved and restored, generator and all', async () => {
    const found = await page.evaluate(
      async (kwargs) => {
        const env = await window.palaestra.make('guest/catch', kwargs);
        await env.reset({ seed: 3 });
        for (const action of [0, 2, 1]) await env.step(action);
        const state = await env.save();
        const play = async () => {
          const seen = [];
          for (let t = 0; t < 40; t += 1) seen.push(JSON.stringify(await env.step(t % 3)));
          return [seen, String(await env.hash())];
        };
        const once = await play();
        await env.restore(state);
        const again = await play();
        const hash = await env.hash();
        const refused = await window.attempt(() => env.restore(state.slice(0, -9)));
        const same = (await env.hash()) === hash;
        await env.close();
        return { once, again, refused, same };
      },
      guest({ module: 'worlds/catch.py', kwargs: { misses: 20 } }),
    );
    assert.deepEqual(found.once, found.again);
    assert.equal(found.refused.error.code, 'bad_state');
    assert.ok(found.same, 'what was refused changed something');
  });

  test('that gymnasium.make made is restored where nothing was reset', async () => {
    const source = `
import gymnasium

class Stairs(gymnasium.Env):
    action_space = gymnasium.spaces.Discrete(2)
    observation_space = gymnasium.spaces.Discrete(100)

    def reset(self, seed=None, options=None):
        super().reset(seed=seed)
        self.step_number = 0
        return 0, {}

    def step(self, action):
        self.step_number += 1
        return self.step_number, 0.0, False, False, {}

    def get_state(self):
        return self.step_number

    def set_state(self, state):
        self.step_number = state

gymnasium.register("Stairs-v0", Stairs, max_episode_steps=4)

def make():
    return gymnasium.make("Stairs-v0")
`;
    const found = await page.evaluate(async (kwargs) => {
      const [one, other] = [
        await window.palaestra.make('guest/stairs', kwargs),
        await window.palaestra.make('guest/stairs', kwargs),
      ];
      await one.reset({ seed: 3 });
      await one.step(1);
      await other.restore(await one.save());
      const seen = [];
      for (let t = 0; t < 3; t += 1) {
        const { observation, truncated } = await other.step(1);
        seen.push([observation, truncated]);
      }
      await Promise.all([one.close(), other.close()]);
      return seen;
    }, guest({ source }));
    assert.deepEqual(found, [
      [2, false],
      [3, false],
      [4, true],
    ]);
  });

  test('that has no state says so, and plays on', async () => {
    const found = await page.evaluate(async (kwargs) => {
      const env = await window.palaestra.make('guest/trouble', kwargs);
      await env.reset({ seed: 3 });
      const saved = await window.attempt(() => env.save());
      const restored = await window.attempt(() => env.restore(new Uint8Array(50)));
      const step = await env.step(1);
      await env.close();
      return { saved, restored, step };
    }, trouble({}));
    for (const { error } of [found.saved, found.restored]) {
      assert.equal(error.code, 'unsupported');
      assert.match(error.message, /expected an environment that can save its state, found one that cannot/);
    }
    assert.equal(found.step.reward, 0);
  });

  test('of several agents plays on when some have left', async () => {
    const found = await page.evaluate(
      async (kwargs) => {
        const env = await window.palaestra.make('guest/pair', kwargs, { record: true });
        await env.reset({ seed: 3 });
        const seen = [];
        for (let t = 0; t < 6; t += 1) {
          const { observation, reward, terminated } = await env.step({ hare: 1, tortoise: [0.5] });
          seen.push([Array.from(observation.hare), Array.from(observation.tortoise), reward, terminated]);
        }
        const { agents } = env;
        const record = env.record();
        const lines = (await (await record.jsonl()).text()).trimEnd().split('\n');
        const rows = lines.map((line) => JSON.parse(line));
        await env.close();
        window.record = record;
        return { agents, seen, rows };
      },
      guest({ module: 'worlds/pair.py' }, [PETTINGZOO]),
    );
    assert.deepEqual(found.agents, ['hare', 'tortoise']);
    assert.deepEqual(found.seen[0], [[1, 2], [1, 2], { hare: 1, tortoise: 0.5 }, { hare: false, tortoise: false }]);
    assert.deepEqual(found.seen[2], [[3, 1], [3, 1], { hare: 1, tortoise: 0.5 }, { hare: true, tortoise: false }]);
    assert.deepEqual(found.seen[5], [[3, 1], [6, 0], { hare: 0, tortoise: 0.5 }, { hare: true, tortoise: true }]);
    // A row for each, with what it saw and did.
    const rows = found.rows.map(({ agent, t, observation, action, reward, terminated }) => [
      ...[agent, t, observation, action, reward, terminated],
    ]);
    assert.equal(rows.length, 12);
    assert.deepEqual(rows.slice(0, 2), [
      ['hare', 1, [0, 2], 1, 1, false],
      ['tortoise', 1, [0, 2], [0.5], 0.5, false],
    ]);
    assert.deepEqual(rows.slice(10), [
      ['hare', 6, [3, 1], 1, 0, true],
      ['tortoise', 6, [5, 1], [0.5], 0.5, true],
    ]);
    // Where what reads it is not to be had, that is said, and it is read when it is there.
    const csv = () =>
      page.evaluate(() => window.attempt(async () => (await (await window.record.csv()).text()).length));
    gone = true;
    const { error } = await csv();
    gone = false;
    assert.deepEqual([error?.typed, error?.code], [true, 'load_failed'], JSON.stringify(error));
    assert.match(error.message, /^csv: expected status 200, found 404/);
    assert.ok((await csv()).value > 0);
  });

  test('of agents that take turns is played at once, where it says that it can be', async () => {
    const found = await page.evaluate(
      async (kwargs) => {
        const env = await window.palaestra.make('guest/turns', kwargs);
        await env.reset({ seed: 3 });
        const rewards = [];
        for (const [odd, even] of [
          [1, 0],
          [1, 1],
          [2, 2],
        ]) {
          rewards.push((await env.step({ odd, even })).reward);
        }
        await env.close();
        return rewards;
      },
      guest({ module: 'worlds/turns.py' }, [PETTINGZOO]),
    );
    const [odd, even] = [
      { odd: 1, even: 0 },
      { odd: 0, even: 1 },
    ];
    assert.deepEqual(found, [odd, even, even]);
  });

  test('plays by itself in a rollout', async () => {
    const found = await page.evaluate(
      async (kwargs) => {
        const env = await window.palaestra.make('guest/catch', kwargs);
        const rolled = () => env.rollout({ policies: 'random', episodes: 3, seed: 5 });
        const [once, again] = [await rolled(), await rolled()];
        await env.close();
        return [once, again].map(({ episodes }) =>
          episodes.map(({ length, steps, returns }) => [length ?? steps, returns]),
        );
      },
      guest({ module: 'worlds/catch.py' }),
    );
    assert.equal(found[0].length, 3);
    assert.deepEqual(found[0], found[1]);
  });

  test('of several agents plays by itself in a rollout, whatever else was made under its id', async () => {
    const found = await page.evaluate(
      async ([kwargs, alone]) => {
        const env = await window.palaestra.make('guest/pair', kwargs);
        // Another one, of one agent.
        const other = await window.palaestra.make('guest/pair', alone);
        const policies = [{ hare: { action: 1 }, tortoise: { action: [0.5] } }, { agent_0: { action: 1 } }];
        const returns = [];
        for (const policy of policies) {
          const { episodes } = await env.rollout({ policies: policy, episodes: 2, seed: 5 });
          returns.push(episodes.map((episode) => episode.returns));
        }
        const { episodes } = await other.rollout({ policies: 'random', episodes: 2, seed: 5 });
        const stranger = { policies: { fox: 'random' }, episodes: 1 };
        const refused = await window.attempt(() => env.rollout(stranger));
        await Promise.all([env.close(), other.close()]);
        return { returns, alone: episodes.map((episode) => episode.returns.length), refused };
      },
      [guest({ module: 'worlds/pair.py' }, [PETTINGZOO]), guest({ module: 'worlds/catch.py' })],
    );
    const [named, counted] = found.returns;
    assert.deepEqual(named, [
      [3, 3],
      [3, 3],
    ]);
    assert.deepEqual(
      counted.map(([hare, tortoise]) => [hare, typeof tortoise]),
      [
        [3, 'number'],
        [3, 'number'],
      ],
    );
    assert.deepEqual(found.alone, [1, 1]);
    assert.equal(found.refused.error?.code, 'bad_argument');
    assert.match(found.refused.error.message, /expected an agent among hare, tortoise; found `fox`/);
  });

  test('of Multi-User Gymnasium draws by its Surface, and has its state', async () => {
    const played = (kwargs) =>
      page.evaluate(async (kwargs) => {
        const game = window.palaestra.play({
          env: 'guest/slope',
          kwargs,
          canvas: document.getElementById('canvas'),
          keys: { ArrowLeft: 0, ArrowRight: 2 },
          idle: 1,
          maxSteps: 20,
          fps: 20,
          seed: 5,
        });
        const record = await game.finished;
        const { width, height } = document.getElementById('canvas');
        const context = document.getElementById('canvas').getContext('2d');
        const colours = new Set();
        const { data } = context.getImageData(0, 0, width, height);
        for (let at = 0; at < data.length; at += 4) colours.add(data.slice(at, at + 3).join());
        return { text: await record.text(), aspect: width / height, colours: [...colours] };
      }, kwargs);
    const own = ['255,0,0', '232,244,255', '255,255,255'];
    const adapted = { module: 'worlds/mug_adapted.py', files: ['worlds/mug_slope.py'] };
    for (const [options, colours] of [
      [{ module: 'worlds/mug_slope.py' }, own],
      [adapted, [...own, '0,160,0']],
    ]) {
      const found = await played(guest(options, [MUG]));
      assert.equal(stepsOf(linesOf(found.text)).length, 20);
      assert.ok(Math.abs(found.aspect - 1.5) < 0.01, `${found.aspect}`);
      for (const colour of colours) assert.ok(found.colours.includes(colour), colour);
      assert.equal(found.colours.includes('0,160,0'), colours.includes('0,160,0'));
    }
  });

  test('has the limit that the page says, where Gymnasium has another', async () => {
    const limited = (limit) =>
      page.evaluate(
        async (kwargs) => {
          const env = await window.palaestra.make('guest/car', kwargs, { stepTimeout: 30_000 });
          await env.reset({ seed: 1 });
          const steps = Array.from(await env.stepMany(Array.from({ length: 300 }, () => 1)));
          const { maxEpisodeSteps } = env.spec;
          await env.close();
          return { maxEpisodeSteps, cut: steps.findIndex(({ truncated }) => truncated) + 1 };
        },
        guest({ entry: 'MountainCar-v0', max_episode_steps: limit }),
      );
    // A car that only rolls reaches no goal. Gymnasium's own limit is 200.
    for (const limit of [250, 150]) assert.deepEqual(await limited(limit), { maxEpisodeSteps: limit, cut: limit });
  });

  test('that a function makes is given the mode in which it draws', async () => {
    const source = `
import gymnasium
import numpy as np

class Sign(gymnasium.Env):
    action_space = gymnasium.spaces.Discrete(2)
    observation_space = gymnasium.spaces.Discrete(2)

    def __init__(self, render_mode=None):
        self.render_mode = render_mode

    def reset(self, seed=None, options=None):
        super().reset(seed=seed)
        return 0, {}

    def step(self, action):
        return 1, 0.0, False, False, {}

    def render(self):
        return np.full((4, 4, 3), (10, 20, 30), np.uint8) if self.render_mode == "rgb_array" else None

def make(render_mode=None):
    return Sign(render_mode)
`;
    const found = await page.evaluate(
      async (kwargs) => {
        const canvas = document.getElementById('canvas');
        const game = window.palaestra.play({
          env: 'guest/sign',
          kwargs,
          canvas,
          idle: 0,
          maxSteps: 5,
          fps: 20,
          seed: 1,
        });
        await game.finished;
        const { data } = canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
        return Array.from(data);
      },
      guest({ source, aspect: 1 }),
    );
    assert.deepEqual(found, [10, 20, 30, 255]);
  });

  test('is played with real keys, and drawn from its pixels', async () => {
    await page.evaluate(
      (kwargs) => {
        window.game = window.palaestra.play({
          env: 'guest/catch',
          kwargs,
          canvas: document.getElementById('canvas'),
          keys: { ArrowLeft: 0, ArrowRight: 2 },
          idle: 1,
          fps: 20,
          seed: 7,
          maxSteps: 60,
        });
        return window.until('the game to play', () => window.game.state === 'playing', 60_000);
      },
      guest({ module: 'worlds/catch.py', aspect: 1, kwargs: { misses: 100 } }),
    );
    const steps = (count) =>
      page.evaluate((count) => window.until(`${count} steps`, () => window.game.frameNumber >= count), count);
    await page.keyboard.down('ArrowLeft');
    await steps(10);
    await page.keyboard.up('ArrowLeft');
    await steps(20);
    await page.keyboard.down('ArrowRight');
    await steps(30);
    await page.keyboard.up('ArrowRight');
    await mkdir(resultsDir, { recursive: true });
    await page.screenshot({ path: join(resultsDir, 'guest.png') });
    const found = await page.evaluate(async () => {
      const record = await window.game.finished;
      const canvas = document.getElementById('canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const colours = {};
      for (let at = 0; at < data.length; at += 4) {
        const colour = data.slice(at, at + 3).join();
        colours[colour] = (colours[colour] ?? 0) + 1;
      }
      const keep = { keep: true };
      const table = await (await record.csv(keep)).text();
      const arrow = Array.from(new Uint8Array(await (await record.arrow(keep)).arrayBuffer()));
      const minari = Array.from(new Uint8Array(await (await record.minari(keep)).arrayBuffer()));
      const packed = (await record.pack(keep)).message;
      const verification = await record.verification();
      const { pipelineMetrics } = window.game;
      return {
        text: await record.text(),
        colours,
        verification,
        packed,
        table,
        arrow,
        minari,
        size: canvas.width,
        steps: pipelineMetrics.summary().count,
      };
    });
    const lines = linesOf(found.text);
    const actions = stepsOf(lines).map(({ action }) => action);
    assert.equal(actions.length, 60);
    assert.ok(
      actions.slice(0, 10).includes(0) && actions.slice(20, 30).includes(2) && actions.includes(1),
      `${actions}`,
    );
    assert.equal(lines[0].env_id, 'guest/catch');
    assert.equal(lines[0].kwargs.module, 'worlds/catch.py');
    const cell = (found.size / 8) ** 2;
    for (const colour of ['200,30,40', '90,60,30']) {
      assert.ok(Math.abs(found.colours[colour] / cell - 1) < 0.1, `${colour}: ${found.colours[colour]} of ${cell}`);
    }
    assert.ok(found.steps > 0);
    assert.equal(found.packed, 'not verifiable here: guest/catch is an environment in Python, of a page');
    assert.deepEqual(found.verification, { identical: true, steps: 60, message: 'verified: 60 steps identical' });
    const before = lines.filter(({ type }) => type === 'reset' || type === 'step').map(({ obs }) => obs);
    // Its table, in the columns that its spaces name.
    const [columns, ...cells] = found.table
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const column = (name) => cells.map((row) => Number(row[columns.indexOf(name)]));
    const seen = (read) => before.slice(0, -1).map(read);
    assert.equal(cells.length, 60);
    assert.deepEqual(
      columns.filter((name) => /^(obs|action|reward)/.test(name)),
      ['obs.apple_0', 'obs.apple_1', 'obs.basket', 'obs.wind_0', 'obs.wind_1', 'action', 'reward'],
    );
    assert.deepEqual(column('action'), actions);
    assert.deepEqual(
      column('obs.basket'),
      seen(({ basket }) => basket),
    );
    const wind = seen(({ wind: [x] }) => x);
    assert.deepEqual(column('obs.wind_0'), wind);
    const arrow = Buffer.from(found.arrow);
    assert.ok(arrow.includes(Buffer.from(Float32Array.from(wind).buffer)), 'a float32 stays one');
    const sets = unzipped(found.minari);
    const [set] = [...sets.keys()].filter((path) =>
      /^palaestra\/guest\/catch\/agent_0-[0-9a-f]{8}-v0\/data\/metadata\.json$/.test(path),
    );
    const about = JSON.parse(sets.get(set)?.toString() ?? '{}');
    assert.deepEqual([about.total_steps, about.data_format], [60, 'arrow'], [...sets.keys()].join());
    // What the document has for those who have nothing but the file.
    const { rows, names } = await tableInPython(found.text);
    assert.deepEqual(names.slice(0, 3), ['episode', 't', 'time']);
    assert.deepEqual(
      rows.map(({ action }) => Number(action)),
      actions,
    );
    assert.deepEqual(
      rows.map(({ obs_basket: basket }) => Number(basket)),
      seen(({ basket }) => basket),
    );
  });

  test('has packages from PyPI by their names, with what micropip finds there', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'palaestra-wheel-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const wheel = 'orchard_levels-1.0-py3-none-any.whl';
    await promisify(execFile)('python3', ['-c', WHEEL, join(folder, wheel)]);
    const bytes = await readFile(join(folder, wheel));
    const files = [
      {
        filename: wheel,
        url: `https://files.pythonhosted.org/${wheel}`,
        hashes: { sha256: createHash('sha256').update(bytes).digest('hex') },
      },
    ];
    const asked = [];
    // PyPI, without a network: every request that leaves this machine is answered here.
    await page.context().route(/^https:\/\//, (route) => {
      const { pathname } = new URL(route.request().url());
      asked.push(pathname);
      const headers = { 'access-control-allow-origin': '*' };
      if (pathname === `/${wheel}`) return route.fulfill({ headers, body: bytes });
      if (pathname !== '/simple/orchard-levels/') return route.fulfill({ headers, status: 404, body: '' });
      const index = { meta: { 'api-version': '1.0' }, name: 'orchard-levels', versions: ['1.0'], files };
      headers['content-type'] = 'application/vnd.pypi.simple.v1+json';
      return route.fulfill({ headers, body: JSON.stringify(index) });
    });
    t.after(() => page.context().unroute(/^https:\/\//));
    const source = `
import gymnasium
from orchard_levels import TREES

class Orchard(gymnasium.Env):
    action_space = gymnasium.spaces.Discrete(2)
    observation_space = gymnasium.spaces.Discrete(100)

    def reset(self, seed=None, options=None):
        super().reset(seed=seed)
        return TREES, {}

    def step(self, action):
        return TREES + 1, 1.0, False, False, {}
`;
    const made = (packages) =>
      page.evaluate(
        ([kwargs]) =>
          window.attempt(async () => {
            const env = await window.palaestra.make('guest/orchard', kwargs);
            const { observation } = await env.reset({ seed: 1 });
            const step = await env.step(1);
            await env.close();
            return [observation, step.observation];
          }, 60_000),
        [{ ...guest({ source }), packages: [...guest({}).packages, ...packages] }],
      );
    assert.deepEqual(await made(['orchard-levels==1.0']), { value: [41, 42] });
    assert.ok(asked.includes(`/${wheel}`), asked.join(' '));
    const { error } = await made(['no-such-package-anywhere']);
    assert.equal(error?.code, 'load_failed', JSON.stringify(error));
    assert.match(error.message, /packages: no-such-package-anywhere/);
  });

  test('that raises is a typed error with the traceback, wherever it does', async () => {
    for (const when of ['make', 'reset', 'step']) {
      const { error } = await met(page, trouble({ what: 'raise', when }));
      assert.equal(error?.code, 'guest_failed', `${when}: ${JSON.stringify(error)}`);
      assert.match(
        error.message,
        /Traceback \(most recent call last\):[\s\S]*trouble\.py", line \d+, in _meet[\s\S]*RuntimeError: the kitchen is on fire$/,
      );
      await workersGone(browser);
    }
    for (const what of ['shape', 'reward', 'exit', 'recurse']) {
      const { error } = await met(page, trouble({ what }));
      assert.equal(error?.code, 'guest_failed', `${what}: ${JSON.stringify(error)}`);
      const reasons = {
        shape: /expected a member of Box.* found one of shape \(3,\)/,
        reward: /expected finite rewards, found \[nan\]/,
        exit: /SystemExit: 3/,
        recurse: /RecursionError/,
      };
      assert.match(error.message, reasons[what]);
      await workersGone(browser);
    }
  });

  test('that raises in a game ends it, with the record up to there', async () => {
    const found = await page.evaluate(
      async (kwargs) => {
        const game = window.palaestra.play({ env: 'guest/trouble', kwargs, idle: 0, fps: 60, seed: 1 });
        const record = await game.finished;
        const { message: verification } = await record.verification();
        return {
          verification,
          text: await record.text(),
          reason: record.reason,
          code: record.error.code,
          message: record.error.message,
        };
      },
      trouble({ what: 'raise' }),
    );
    assert.deepEqual([found.reason, found.code], ['error', 'guest_failed']);
    assert.match(found.message, /RuntimeError: the kitchen is on fire/);
    assert.equal(stepsOf(linesOf(found.text)).length, 2);
    assert.equal(found.verification, 'verified: 2 steps identical', 'what was played before it raised is played again');
  });

  test('has sets of texts in the same order each time it is made, so that what it does by them is verified', async () => {
    const source = `
import gymnasium

class Letters(gymnasium.Env):
    action_space = gymnasium.spaces.Discrete(2)
    observation_space = gymnasium.spaces.MultiDiscrete([16] * 16)

    def reset(self, seed=None, options=None):
        super().reset(seed=seed)
        return self._seen(), {}

    def step(self, action):
        return self._seen(), 0.0, False, False, {}

    def _seen(self):
        return [ord(letter) - ord("a") for letter in set("abcdefghijklmnop")]
`;
    const found = await page.evaluate(async (kwargs) => {
      const played = async () => {
        const env = await window.palaestra.make('guest/letters', kwargs, { record: true });
        const { observation } = await env.reset({ seed: 1 });
        await env.step(1);
        const record = env.record();
        await env.close();
        return [Array.from(observation, Number), record];
      };
      const [[once, record], [again]] = [await played(), await played()];
      return { once, again, verification: await record.verification() };
    }, guest({ source }));
    assert.deepEqual(found.once, found.again);
    assert.deepEqual(found.verification, { identical: true, steps: 1, message: 'verified: 1 steps identical' });
  });

  test('of one agent, with an API for several, is verified', async () => {
    const source = (space) => `
from gymnasium import spaces
from pettingzoo import ParallelEnv
import numpy as np

class Alone(ParallelEnv):
    metadata = {"name": "alone"}
    possible_agents = ["one"]

    def observation_space(self, agent):
        return spaces.Discrete(100)

    def action_space(self, agent):
        return ${space}

    def reset(self, seed=None, options=None):
        self.agents, self.t = ["one"], 0
        return {"one": 0}, {"one": {}}

    def step(self, actions):
        self.t += 1
        reward = float(np.sum(actions["one"]))
        return {"one": self.t}, {"one": reward}, {"one": False}, {"one": False}, {"one": {}}
`;
    const played = (space, actions) =>
      page.evaluate(
        async ([kwargs, actions]) => {
          const env = await window.palaestra.make('guest/alone', kwargs, { record: true });
          await env.reset({ seed: 1 });
          for (const action of actions) await env.step(action);
          const record = env.record();
          await env.close();
          return record.verification();
        },
        [guest({ source: source(space) }, [PETTINGZOO]), actions],
      );
    const expected = { identical: true, steps: 2, message: 'verified: 2 steps identical' };
    assert.deepEqual(await played('spaces.Discrete(3)', [2, 0]), expected);
    const boxed = [
      [0.5, 1],
      [-1, 0.25],
    ];
    assert.deepEqual(await played('spaces.Box(-1, 1, (2,), np.float32)', boxed), expected);
  });

  test('that plays by chance, or is gone, is not verified', async () => {
    const found = await page.evaluate(async (kwargs) => {
      const played = async (kwargs) => {
        const env = await window.palaestra.make('guest/trouble', kwargs, { record: true });
        await env.reset({ seed: 2n ** 60n });
        for (let t = 0; t < 5; t += 1) await env.step(t % 2);
        const record = env.record();
        await env.close();
        return record;
      };
      const chance = await (await played({ ...kwargs, kwargs: { what: 'chance' } })).verification();
      const record = await played(kwargs);
      const same = await record.verification();
      const fetched = window.Worker;
      window.Worker = class extends fetched {
        constructor(url, options) {
          super(String(url).replace(/worker\/boot\.js/, 'worker/none.js'), options);
        }
      };
      const gone = await record.verification().finally(() => (window.Worker = fetched));
      return { chance, same, gone };
    }, trouble({}));
    assert.equal(found.chance.identical, false);
    assert.match(found.chance.message, /^verification failed: t=1 field=obs expected=\[0\.\d+,0\] found=/);
    assert.deepEqual(found.same, { identical: true, steps: 5, message: 'verified: 5 steps identical' });
    assert.equal(found.gone.identical, null);
    assert.match(found.gone.message, /^not verifiable here: guest\/trouble: /);
  });

  test('that loops is ended at its deadline, wherever it does', async () => {
    for (const [when, options] of [
      ['make', { loadTimeout: 12_000 }],
      ['step', { stepTimeout: 500 }],
    ]) {
      const { error } = await met(page, trouble({ what: 'loop', when }), options);
      assert.equal(error?.code, 'deadline_exceeded', `${when}: ${JSON.stringify(error)}`);
      await workersGone(browser);
    }
  });

  test('that allocates without end has its MemoryError', async () => {
    const { error } = await met(page, trouble({ what: 'allocate' }), { stepTimeout: 60_000 });
    assert.equal(error?.code, 'guest_failed', JSON.stringify(error));
    assert.match(error.message, /MemoryError/);
  });

  test('prints on the console, and not without end', async () => {
    const lines = [];
    const hear = (message) => lines.push(message.text());
    page.on('console', hear);
    const { value } = await met(page, trouble({ what: 'print' }), { stepTimeout: 60_000 });
    page.off('console', hear);
    assert.ok(value, 'it plays on');
    const printed = lines.filter((line) => line.startsWith('line '));
    assert.ok(printed.length >= 990 && printed.length <= 1000, `${printed.length} lines`);
    assert.ok(printed.every((line) => line.length <= 2000));
    assert.equal(lines.filter((line) => /has printed 1000 lines/.test(line)).length, 1);
  });

  test('loads Python from another place, under a content policy that names it', async () => {
    const headers = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };
    const { url } = await openGuestSite(owner, { headers });
    const place = new URL(url).origin;
    const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' ${place}; worker-src 'self'; connect-src 'self' ${place}`;
    const strict = await openGuestSite(owner, { headers: { 'content-security-policy': policy } });
    const other = await browser.openPage(`${strict.url}strict.html`);
    await other.evaluate(() => window.until('the module', () => window.playBriefly));
    const kwargs = guest({ module: 'worlds/catch.py', pyodide: `${url}pyodide/` });
    kwargs.packages = kwargs.packages.map((path) => `${url}${path}`);
    const found = await other.evaluate(async (kwargs) => {
      const { make } = await import('./palaestra.js');
      const env = await make('guest/catch', kwargs);
      const { observation } = await env.reset({ seed: 1 });
      await env.close();
      return { basket: observation.basket, violations: window.violations };
    }, kwargs);
    assert.deepEqual(found, { basket: 4, violations: [] });
    await other.context().close();
  });

  test('that cannot be loaded says why', async () => {
    const cases = [
      [
        guest({ module: 'worlds/none.py' }),
        'load_failed',
        /module: .*worlds\/none\.py: expected status 200, found 404/,
      ],
      [
        guest({ entry: 'X-v0', packages: ['pyodide/wheels/none-1-py3-none-any.whl'] }),
        'load_failed',
        /packages: pyodide\/wheels\/none/,
      ],
      [{ entry: 'X-v0', pyodide: 'nowhere/' }, 'load_failed', /pyodide: .*nowhere\//],
      [guest({ module: 'https://' }), 'load_failed', /module: expected an address, found "https:\/\/"/],
      [
        guest({ source: 'x = 1', files: ['worlds/100%.py'] }),
        'load_failed',
        /files: .*worlds\/100%\.py: expected status 200, found 4\d\d/,
      ],
      [
        guest({ entry: 'X-v0', packages: ['http://[/none.whl'] }),
        'load_failed',
        /packages: expected an address, found "http:\/\/\[\/none\.whl"/,
      ],
      [
        guest({ source: AMBIGUOUS }),
        'bad_argument',
        /found one with actions that a record does not tell apart, those of Discrete\(2\).* and of Discrete\(5\)/,
      ],
      [guest({ source: 'def make(:' }), 'guest_failed', /SyntaxError/],
      [
        guest({ source: 'import nothing_of_the_kind' }),
        'guest_failed',
        /ModuleNotFoundError: No module named 'nothing_of_the_kind'/,
      ],
      [
        guest({ source: 'x = 1' }),
        'guest_failed',
        /expected make\(\) or one environment in guest, found none: say which with entry/,
      ],
      [
        guest({ module: 'worlds/catch.py', entry: 'Cath' }),
        'guest_failed',
        /entry: expected a name in catch, found 'Cath'/,
      ],
      [{}, 'bad_argument', /expected `module`, `source` or `entry`/],
      [{ modul: 'x.py' }, 'bad_argument', /expected an argument among module, .*, found `modul`/],
      [{ module: 3 }, 'bad_argument', /argument `module`: expected the address of a file of Python, found 3/],
    ];
    for (const [kwargs, code, message] of cases) {
      const { error } = await met(page, kwargs);
      assert.equal(error?.code, code, `${message}: ${JSON.stringify(error)}`);
      assert.match(error.message, message);
      await workersGone(browser);
    }
  });
});
