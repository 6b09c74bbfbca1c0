// The loop: train in Python, export ONNX, play in the page, back to Python.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from '../browser/chromium.mjs';
import { openSite } from '../browser/site.mjs';
import { palaestraCommand } from '../build/command.mjs';
import { PlainError } from '../lib/main.mjs';
import { root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';

const examples = join(root, 'python/examples');
const kitchen = 'overcooked_ai/cramped_room';
const features = { observation: 'features' };
/** One stage: a rollout, a training, a look at a record. */
const stageMs = 10 * 60_000;

/** Runs a program to its end; gives what it printed. */
async function must(about, command) {
  const { code, output } = await run(command, { cwd: root, env: { PYTHONDONTWRITEBYTECODE: '1' }, timeoutMs: stageMs });
  if (code === 0) return output;
  throw new PlainError('loop', `${about}: ended with ${code}: ${output.trim().split('\n').slice(-12).join('\n')}`);
}

/**
 * Goes round once for CartPole and once for a kitchen. Gives, of each, what the training said last and what was played.
 *
 * @param {{ owner: import('../browser/owner.mjs').Owner, python: string, folder: string, small: boolean, update?: (text: string) => void }} of
 */
export async function closeTheLoop({ owner, python, folder, small, update = () => {} }) {
  const at = (name) => join(folder, name);
  update('training CartPole');
  const generations = ['--generations', small ? '12' : '30'];
  const cartPole = await must('training CartPole', [
    python,
    join(examples, 'cartpole.py'),
    '--out',
    at('cartpole.onnx'),
    ...generations,
  ]);

  update('a data set of two experts');
  const episodes = ['--episodes', small ? '4' : '40', '--seed', '1'];
  const data = ['-o', at('kitchen-data.jsonl.gz'), '--kwargs', JSON.stringify(features)];
  await must('a data set', [palaestraCommand, 'rollout', kitchen, '--policy', 'expert:0.95', ...episodes, ...data]);
  update('cloning the expert');
  const epochs = ['--epochs', small ? '15' : '30'];
  const clone = [
    python,
    join(examples, 'kitchen.py'),
    at('kitchen-data.jsonl.gz'),
    '--out',
    at('kitchen.onnx'),
    ...epochs,
  ];
  const cloned = await must('cloning the expert', clone);

  update('playing in the page');
  const site = await openSite(owner, { beside: { '/models/': folder, '/': join(root, 'tests/browser/pages') } });
  const page = await (await launchBrowser(owner)).openPage(`${site.url}bare.html`);
  await page.evaluate(() => window.loading);
  const games = [
    {
      name: 'cartpole',
      trained: last(cartPole),
      options: { env: 'CartPole-v1', episodes: small ? 2 : 10, seats: { agent_0: model('cartpole') } },
    },
    {
      name: 'kitchen',
      trained: last(cloned.replace(/^.*bytes\n?$/m, '').trim()),
      options: {
        env: kitchen,
        kwargs: features,
        episodes: 1,
        seats: { agent_0: 'expert', agent_1: model('kitchen', 'kitchen.json') },
      },
    },
  ];
  const report = [];
  for (const { name, trained, options } of games) {
    const record = await page.evaluate(play, { fps: 240, episodePause: 0, seed: 7, ...options });
    writeFileSync(at(`${name}.jsonl`), record);
    update(`${name}: back in Python`);
    const told = await must(`${name} back in Python`, [python, '-c', back, at(`${name}.jsonl`)]);
    report.push({ name, trained, played: JSON.parse(last(told)) });
  }
  return report;
}

const model = (name, manifest) => ({
  onnx: `models/${name}.onnx`,
  ...(manifest && { manifest: `models/${manifest}` }),
});
const last = (output) => output.trim().split('\n').at(-1);

/** Plays a game in the page to its end; gives its record. */
async function play(options) {
  const canvas = document.getElementById('canvas');
  const record = await window.palaestra.play({ ...options, canvas }).finished;
  return record.text();
}

/** What Python finds in a record: replayed, so true to the bit. */
const back = `
import json, sys
import numpy, palaestra
session = palaestra.replay(sys.argv[1])
def earned(rewards):
    return float(numpy.sum(next(iter(rewards.values())) if isinstance(rewards, dict) else rewards))
returns = [earned(episode.rewards) for episode in session.episodes]
columns = session.to_numpy()
assert len(columns["episode"]) == sum(session.lengths)
print(json.dumps({"episodes": len(returns), "steps": len(session), "mean": sum(returns) / len(returns),
                  "policy": session.header["policy"]}))
`;
