// Never run: what a researcher writes has to pass the type checker, and what is wrong has not to.
import {
  make,
  play,
  registry,
  liveSessions,
  PalaestraError,
  preload,
  recover,
  watch,
  type Game,
  type GameRecord,
  type GuestKwargs,
  type Match,
  type MatchOptions,
  type MatchPolicy,
  type Observation,
  type StepResult,
} from '../../www/palaestra.js';
import { post, toDataPipe, toJatos } from '../../www/data.js';

export async function drive(): Promise<number> {
  const env = await make('CartPole-v1', { sutton_barto_reward: true }, { stepTimeout: 1000 });
  const { observation, info } = await env.reset({ seed: 42n, options: { low: -0.1, high: 0.1 } });
  const step: StepResult = await env.step(1);
  const many = await env.stepMany([1, 0, 1], { autoreset: true });
  const last: StepResult | undefined = many.at(-1);
  const rewards: Float64Array = many.rewards;
  await env.restore(await env.save());
  const hash: string = await env.hash();
  const { outcome, durationMs } = await env.close();
  return [observation, info, step, last, rewards, hash, outcome, durationMs, env.agents.length].length;
}

export async function invite(canvas: HTMLCanvasElement): Promise<Game> {
  const kwargs: GuestKwargs = { module: 'mine.py', packages: ['gymnasium==1.4.0'], kwargs: { speed: 2 }, aspect: 1 };
  const env = await make(
    'guest/mine',
    { ...kwargs },
    { onProgress: ({ phase, done, of }) => console.log(phase, done / of) },
  );
  await env.close();
  // @ts-expect-error: an address
  const wrong: GuestKwargs = { module: 3 };
  console.log(wrong);
  return play({ env: 'guest/mine', kwargs: { ...kwargs }, canvas, onProgress: ({ phase }) => console.log(phase) });
}

export function beside(canvas: HTMLCanvasElement): Game {
  const policy: MatchPolicy = { onnx: 'partner.onnx', manifest: 'partner.json', sample: true, sha256: 'a'.repeat(64) };
  // @ts-expect-error: no such rule
  const wrong: MatchOptions = { lobby: 'pilot', dropout: 'never' };
  console.log(wrong);
  const match: MatchOptions = { lobby: 'pilot', size: 2, policy, dropout: 'continue' };
  const onMatch = ({ record }: Match) => console.log(record?.modelActions === 'recomputed');
  return play({ env: 'Foraging-8x8-3p-4f-v3', canvas, match, onMatch, seats: { agent_2: policy } });
}

export async function observe(canvas: HTMLCanvasElement): Promise<number> {
  const spectator = await watch({
    match: 'm-1f6c0a52e3b9',
    server: 'https://lab.example/games/',
    token: 'signed',
    canvas,
    onStep: ({ frameNumber, episode, action, reward, hash }) => console.log(frameNumber, episode, action, reward, hash),
    onChange: ({ state, match, connected }) => console.log(state, match?.agents.length, connected),
  });
  // @ts-expect-error: nobody plays there
  spectator.pause();
  // @ts-expect-error: which match?
  await watch({ canvas });
  const { reason, code, frames } = await spectator.finished;
  return reason === 'complete' && code === 'complete' ? frames : (spectator.differs ?? 0);
}

export async function sample(): Promise<GameRecord> {
  const env = await make('CartPole-v1', {}, { record: true });
  await env.reset({ seed: 1 });
  await env.stepMany([1, 0]);
  return env.record({ policy: 'my-policy-v2' });
}

export async function drivePair(): Promise<Observation> {
  const env = await make('overcooked_ai/cramped_room', { layout: 'XX' });
  const { reward, observation } = await env.step({ agent_0: 1, agent_1: 4 });
  const mine: number = typeof reward === 'number' ? reward : (reward.agent_0 ?? 0);
  return mine > 0 ? (observation as Observation) : null;
}

export async function game(canvas: HTMLCanvasElement): Promise<GameRecord> {
  const running: Game = play({
    env: 'overcooked_ai/cramped_room',
    canvas,
    fps: 30,
    seed: 7,
    episodes: 2,
    maxSteps: 400,
    keys: { ArrowUp: 0, 'ArrowUp+Space': 5 },
    inputMode: 'pressed_keys',
    idle: [4],
    seats: { agent_0: 'human', agent_1: { action: 4 } },
    onStep(row) {
      console.log(row.frameNumber, row.metrics.stepCallTimestamp, row.action);
    },
    onTransition({ from, to, reason }) {
      console.log(from, to, reason ?? '');
    },
  });
  const { p50, p99 } = running.pipelineMetrics.summary().roundTrip;
  const due: number = running.pipelineMetrics.stepDueTimestamp + running.pipelineMetrics.summary().wait.p50;
  const { keypressTimestamp } = running.pipelineMetrics.lastInputTimestamps;
  console.log(p50, p99, due, keypressTimestamp, running.pipelineMetrics.history().paintTimestamp[0], liveSessions());
  running.pause();
  running.resume();
  try {
    return await running.dispose('closed');
  } catch (error) {
    if (error instanceof PalaestraError && error.code === 'load_failed') console.log(error.message);
    throw error;
  }
}

export async function study(canvas: HTMLCanvasElement): Promise<string> {
  await preload('CartPole-v1');
  await preload('CartPole-v1', {
    seats: { agent_0: { onnx: 'm.onnx' } },
    controls: true,
    signal: AbortSignal.timeout(5000),
  });
  // @ts-expect-error an option that nobody knows
  await preload('CartPole-v1', { seat: {} });
  const running = play({
    env: 'CartPole-v1',
    canvas,
    episodes: 3n,
    participant: 'p-07',
    condition: { load: 2 },
    notes: ['pilot', 12n],
    startPaused: 'key',
    recordAddress: ['PROLIFIC_PID'],
    recordUserAgent: true,
    recordTimes: true,
  });
  running.act('agent_0', 1n);
  running.press('ArrowLeft');
  running.release('ArrowLeft');
  const seed: number | bigint = running.seed;
  const { reason, header }: GameRecord = await running.snapshot();
  const env = await make('CartPole-v1', {}, { record: true, participant: 'p-07' });
  const drawn: number | bigint | null = env.npRandomSeed;
  return [reason ?? 'goes on', header.unfinished, seed, drawn].join();
}

// @ts-expect-error only a key
play({ env: 'CartPole-v1', startPaused: 'Space' });

export const titles: string[] = [...registry.values()].map((entry) => `${entry.title} ${entry.keys[0]?.[0]?.label}`);

// @ts-expect-error an option that is none
play({ env: 'CartPole-v1', framesPerSecond: 30 });
// @ts-expect-error games go by messages
play({ env: 'CartPole-v1', sharedMemory: true });
// @ts-expect-error a reason that is none
play({ env: 'CartPole-v1' }).dispose('bored');

export async function keepAndSend(canvas: HTMLCanvasElement): Promise<number> {
  const running = play({
    env: 'CartPole-v1',
    canvas,
    save: {
      url: 'https://lab.example/pieces',
      patience: 5000,
      onChange: ({ kept, sent }) => console.log(kept.state, sent?.steps),
    },
  });
  const { sent, dropped } = await running.saved;
  const record = await running.finished;
  if (sent?.state !== 'saved')
    await post(record, {
      url: 'https://lab.example/whole',
      format: 'csv',
      onWait: (error) => console.log(error.status),
    });
  const rows: Blob = await record.csv({ keep: true });
  const arrow: Blob = await record.arrow({ keep: true });
  const sets: Blob = await record.minari();
  record.discard();
  for (const left of await recover()) {
    if (left.unfinished && left.steps > 10) await left.send({ server: true });
    else await toDataPipe(left, { experimentID: 'abc' }).then(() => left.delete());
  }
  // @ts-expect-error: no such way
  play({ env: 'CartPole-v1', save: { ftp: 'x' } });
  play({
    env: 'CartPole-v1',
    save: { callback: async ({ id, offset, bytes, last }) => console.log(id, offset, bytes.length, last) },
  });
  await toJatos(record, { as: 'data', format: 'jsonl' });
  return rows.size + arrow.size + sets.size + dropped.length;
}
