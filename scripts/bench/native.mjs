// The native build of the environments' benchmark, which answers requests: crates/envs/benches/steps.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { errorsOf } from '../lib/cargo-output.mjs';
import { PlainError } from '../lib/main.mjs';
import { nativeTargetDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { plain, progress } from '../lib/say.mjs';

const command = [
  'cargo', 'bench', '-p', 'palaestra-envs', '--no-run', '--bench', 'steps', '--message-format=json-render-diagnostics',
];

/** Builds it if need be, and gives its path. */
export async function buildNative() {
  const work = progress('native', 'building the native benchmark of the environments');
  const { code, output } = await run(command, { cwd: root, env: { CARGO_TARGET_DIR: nativeTargetDir } }).finally(work.done);
  if (code !== 0) {
    plain(errorsOf(output));
    throw new PlainError('bench', `${command.join(' ')} ended with ${code}; the reason is above`);
  }
  const messages = output.split('\n').filter((line) => line.startsWith('{'));
  return messages.map((line) => JSON.parse(line).executable).findLast(Boolean);
}

/** Starts it: `{ ids(), play({ id, steps, times }) }`. */
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
