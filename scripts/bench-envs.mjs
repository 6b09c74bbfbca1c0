// npm run bench:envs [-- part of an id…]: how many steps a second every environment makes here and under WebAssembly, in turns.
// Beside the Python references they are measured by `cargo bench -p palaestra-envs`.
import { readFile } from 'node:fs/promises';
import { main, PlainError } from './lib/main.mjs';
import { plain } from './lib/say.mjs';
import { buildRollouts, startNative } from './bench/native.mjs';
import { geometricMean, row, rowHead, spread } from './bench-envs-table.mjs';

const turns = 7;
// Seconds a turn takes, and to warm up: the engine compiles a module quickly at first and well after a while.
const turnSeconds = 0.15;
const warmUpSeconds = 0.6;
const steps = 2000;
/** Of the native speed, on the geometric mean. */
const required = 0.5;

await main(async () => {
  const parts = process.argv.slice(2);
  const rollouts = await buildRollouts();
  const module = await WebAssembly.compile(await readFile(rollouts.module));
  const endings = [];
  const native = startNative(rollouts.program, { after: (end) => endings.push(end) });
  try {
    const ids = (await native.ids()).filter((id) => parts.length === 0 || parts.some((part) => id.includes(part)));
    if (ids.length === 0) throw new PlainError('bench', `no environment's id contains ${parts.join(' or ')}`);
    const ratios = [];
    plain(rowHead);
    for (const id of ids) {
      const measured = await measure(id, native, loaded(module, id));
      ratios.push(measured.wasm.median / measured.native.median);
      plain(row(id, measured));
    }
    const mean = geometricMean(ratios);
    const verdict = mean >= required ? 'reached' : 'MISSED';
    plain(`\ngeometric mean of ${ratios.length}: ${mean.toFixed(2)}, required ${required.toFixed(2)}: ${verdict}`);
    plain(`steps a second, resets included: median of ${turns} turns (slowest to fastest), ${versions()}`);
    if (mean < required) process.exitCode = 1;
  } finally {
    endings.forEach((end) => end());
  }
});

function versions() {
  return `Node ${process.versions.node}, V8 ${process.versions.v8}`;
}

/** Seconds since the start as the native side counts them: where the system tells, those that this program was at work. */
function startClock() {
  if (process.platform === 'linux') {
    const start = process.cpuUsage();
    return () => {
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1e6;
    };
  }
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}

/**
 * @typedef {object} Rollouts what the module exports: crates/envs/benches/steps/wasm.rs
 * @property {(length: number) => number} room
 * @property {(steps: number) => number} load
 * @property {(steps: number, times: number) => number} play
 * @property {() => number} resets
 * @property {() => bigint} earned
 * @property {WebAssembly.Memory} memory
 */

/** The environment in an instance of the module of its own. */
function loaded(module, id) {
  const { exports } = new WebAssembly.Instance(module);
  const { room, load, play, resets, earned, memory } = /** @type {Rollouts} */ (/** @type {unknown} */ (exports));
  const name = new TextEncoder().encode(id);
  const address = room(name.length);
  new Uint8Array(memory.buffer, address, name.length).set(name);
  if (!load(steps)) throw new PlainError('bench', `${id} cannot be made under WebAssembly`);
  return (times) => {
    const clock = startClock();
    const played = play(steps, times);
    const seconds = clock();
    if (played === 0) throw new PlainError('bench', `${id} refused to play under WebAssembly`);
    const bits = BigInt.asUintN(64, earned()).toString(16).padStart(16, '0');
    return { seconds, steps: played, resets: resets(), earned: bits };
  };
}

async function measure(id, native, wasm) {
  const sides = {
    native: (times) => native.play({ id, steps, times }),
    wasm: async (times) => wasm(times),
  };
  const times = {};
  for (const [name, play] of Object.entries(sides)) {
    let speed = 0;
    for (let spent = 0, next = 1; spent < warmUpSeconds; next = Math.ceil((speed * turnSeconds) / steps)) {
      const { seconds, steps: played } = await play(next);
      spent += seconds;
      speed = played / seconds;
    }
    times[name] = Math.max(1, Math.ceil((speed * turnSeconds) / steps));
  }
  const speeds = { native: [], wasm: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    const games = {};
    for (const [name, play] of Object.entries(sides)) {
      const { seconds, steps: played, resets, earned } = await play(times[name]);
      speeds[name].push(played / seconds);
      games[name] = `${resets / times[name]} resets, rewards ${earned}`;
    }
    if (games.native !== games.wasm) {
      throw new PlainError(id, `not the same game: ${games.native} here, ${games.wasm} under WebAssembly`);
    }
  }
  return { native: spread(speeds.native), wasm: spread(speeds.wasm) };
}
