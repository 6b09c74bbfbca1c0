// The native measurement of what a record takes (crates/cli/examples/record_sizes.rs).
import { PlainError } from '../lib/main.mjs';
import { root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';

/** Of so many steps of every environment, or of those named: `{ id, returned, written, kept }`, in bytes a step. */
export async function keptSizes(steps, update, ids = []) {
  const command = [
    'cargo',
    'run',
    '--release',
    '-q',
    '-p',
    'palaestra-cli',
    '--example',
    'record_sizes',
    '--',
    String(steps),
    ...ids,
  ];
  const { code, output } = await run(command, { cwd: root, onLine: update });
  if (code !== 0) throw new PlainError('bench', `${command.join(' ')} ended with ${code}: ${output}`);
  const line = /^(\S+) +([\d.]+) +([\d.]+) +([\d.]+) +[\d.]+$/;
  const found = output
    .split('\n')
    .map((text) => line.exec(text.trim()))
    .filter(Boolean);
  return found.map(([, id, ...numbers]) => {
    const [returned, written, kept] = numbers.map(Number);
    return { id, returned, written, kept };
  });
}
