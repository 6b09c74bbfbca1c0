// The environments' own benchmark (crates/envs/benches/steps): natively, where it answers requests, and under WebAssembly.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { errorsOf } from '../lib/cargo-output.mjs';
import { PlainError } from '../lib/main.mjs';
import { nativeTargetDir, root, wasmTargetDir, wasmTriple } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { plain, progress } from '../lib/say.mjs';
import { setUpForBuild } from '../setup/index.mjs';

let built;

/** Builds both if need be, once in a run: `{ program, module }`, their paths. */
export function buildRollouts() {
  built ??= build();
  return built;
}

async function build() {
  const environment = await setUpForBuild();
  const program = executableIn(
    await cargo(['bench', '--no-run', '--bench', 'steps'], { CARGO_TARGET_DIR: nativeTargetDir }),
  );
  const target = { ...environment, CARGO_TARGET_DIR: wasmTargetDir };
  // As the Worker's modules are compiled.
  await cargo(['build', '--profile', 'worker', '--example', 'steps_wasm', '--target', wasmTriple], target);
  return { program, module: join(wasmTargetDir, wasmTriple, 'worker/examples/steps_wasm.wasm') };
}

async function cargo([verb, ...rest], env) {
  const command = ['cargo', verb, '-p', 'palaestra-envs', ...rest, '--message-format=json-render-diagnostics'];
  const work = progress('rollouts', `cargo ${[verb, ...rest].join(' ')}`);
  const { code, output } = await run(command, { cwd: root, env }).finally(work.done);
  if (code === 0) return output;
  plain(errorsOf(output));
  throw new PlainError('bench', `${command.join(' ')} ended with ${code}; the reason is above`);
}

const executableIn = (output) => {
  const messages = output.split('\n').filter((line) => line.startsWith('{'));
  return messages.map((line) => JSON.parse(line).executable).findLast(Boolean);
};

/** Starts the native one: `{ ids(), play({ id, steps, times }) }`. */
export function startNative(program, owner) {
  const child = spawn(program, ['--answer'], { stdio: ['pipe', 'pipe', 'inherit'] });
  owner.after(() => child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (line) => {
    child.stdin.write(`${line}\n`);
    const { value, done } = await lines.next();
    const answer = done ? { error: 'the native program ended' } : JSON.parse(value);
    if (answer.error) throw new PlainError('bench', answer.error);
    return answer;
  };
  return { ids: () => ask(''), play: (request) => ask(JSON.stringify(request)) };
}
