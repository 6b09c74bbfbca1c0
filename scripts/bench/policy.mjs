// What an action of a model costs in a Worker, beside onnxruntime-web.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchEngine, withPage } from '../browser/engines.mjs';
import { root } from '../lib/paths.mjs';
import { figure } from './figures.mjs';
import { mlp } from './mlp.mjs';
import { openBenchSite } from './site.mjs';

const runtime = join(root, 'node_modules/onnxruntime-web');
const kitchen = join(root, 'crates/onnx/tests/models/kitchen_cnn.onnx');

const policies = [
  {
    name: 'two layers of 256, CartPole',
    path: '/bench/mlp.onnx',
    file: async () => mlp([4, 256, 256, 2]),
    env: 'CartPole-v1',
    input: [1, 4],
    manifest: {},
  },
  {
    name: "three convolutions, a kitchen's 26 maps",
    path: '/bench/kitchen_cnn.onnx',
    file: () => readFile(kitchen),
    env: 'overcooked_ai/cramped_room',
    kwargs: { observation: 'lossless' },
    input: [1, 5, 4, 26],
    manifest: { observation: 'lossless', output: 'log_probs' },
  },
];
/** Actions of a turn. */
const count = 2_000;

export const policy = {
  name: 'policy',
  title: 'A model in a seat',
  about:
    'Milliseconds for an action of a model. Ours: env.rollout in Chromium with the model in a seat and its actions drawn, whole: the step of the ' +
    'environment, its observation, the crossing into the module of policies, the network, the draw. onnxruntime-web: session.run alone, on ' +
    'its WebAssembly backend with one thread, in the page: without observation and draw.',
  async run({ owner, quick, update }) {
    const turns = quick ? 1 : 3;
    const files = new Map();
    for (const { path, file } of policies) files.set(path, Buffer.from(await file()));
    const scripts = { '/ort/': join(runtime, 'dist') };
    const site = await openBenchSite(owner, { also: scripts, bodies: files });
    const chromium = await launchEngine('Chromium', owner);
    const figures = [];
    for (const { name, path, env, kwargs, input, manifest } of policies) {
      update(name);
      const seen = { ours: [], theirs: [] };
      await withPage(chromium, `${site.url}bench/bench.html`, async ({ evaluate }) => {
        await evaluate(open, { env, kwargs, path });
        for (let turn = -1; turn < turns; turn += 1) {
          const ours = await evaluate(act, { path, manifest, count });
          const theirs = await evaluate(infer, { input, count });
          if (turn >= 0) {
            seen.ours.push(ours);
            seen.theirs.push(theirs);
          }
        }
      });
      const bound = { target: 11, of: 'figure', at: 'most', value: 1 };
      figures.push(
        figure({ name, unit: 'ms', ours: seen.ours, peer: { label: 'onnxruntime-web', values: seen.theirs }, bound }),
      );
    }
    const { version } = JSON.parse(await readFile(join(runtime, 'package.json'), 'utf8'));
    return { figures, notes: [`onnxruntime-web ${version}.`] };
  },
};

// What follows runs in the page.

async function open({ env, kwargs, path }) {
  /** @type {string} */
  const runtimeAt = '/ort/ort.wasm.min.mjs';
  const [{ make }, ort] = await Promise.all([import('../palaestra.js'), import(runtimeAt)]);
  window.env = await make(env, kwargs);
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = '/ort/';
  window.ort = ort;
  window.session = await ort.InferenceSession.create(path, { executionProviders: ['wasm'] });
}

async function act({ path, manifest, count }) {
  const policies = { agent_1: { onnx: path, manifest, sample: true } };
  const alone = window.env.agents.length === 1;
  const named = alone ? policies.agent_1 : policies;
  const { playMs, steps } = await window.env.rollout({ policies: named, steps: count, seed: 1 });
  return playMs / steps;
}

async function infer({ input, count }) {
  const { Tensor } = window.ort;
  const size = input.reduce((product, side) => product * side, 1);
  const [name] = window.session.inputNames;
  const began = performance.now();
  for (let i = 0; i < count; i += 1) {
    const seen = Float32Array.from({ length: size }, (_, at) => ((i + at) % 7) / 7);
    await window.session.run({ [name]: new Tensor('float32', seen, input) });
  }
  return (performance.now() - began) / count;
}
