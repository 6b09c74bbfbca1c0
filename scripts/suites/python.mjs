import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommand, palaestraCommand } from '../build/command.mjs';
import { errorsOf } from '../lib/cargo-output.mjs';
import { PlainError } from '../lib/main.mjs';
import { nativeTargetDir, resultsDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { plain, progress, say } from '../lib/say.mjs';
import { setUpForPython } from '../setup/index.mjs';

const wheels = join(nativeTargetDir, 'python-wheels');

/** Cold, cargo compiles the native module, which takes minutes. */
const buildMs = 30 * 60_000;
const testMs = 10 * 60_000;
const benchMs = 5 * 60_000;

/** A command that has to succeed; where it does not, what it says of the reason is printed. */
async function must(about, command, { timeoutMs, env = {} }) {
  const work = progress('python', about);
  const { code, output } = await run(command, { cwd: root, env, timeoutMs, onLine: work.update }).finally(work.done);
  if (code === 0) return output;
  plain(errorsOf(output) || output.split('\n').slice(-40).join('\n'));
  const ended = code === 'SIGKILL' ? `was ended after ${timeoutMs / 60_000} minutes` : `ended with ${code}`;
  throw new PlainError('python', `${about}: ${command.slice(0, 4).join(' ')} … ${ended}`);
}

/** Builds the wheel anew; gives its path. */
async function buildWheel(python) {
  rmSync(wheels, { recursive: true, force: true });
  mkdirSync(wheels, { recursive: true });
  const manifest = join(root, 'python/Cargo.toml');
  const options = ['--manifest-path', manifest, '--out', wheels, '--locked', '--compatibility', 'linux'];
  const command = [python, '-m', 'maturin', 'build', '--profile', 'wheel', ...options];
  await must('maturin build', command, { timeoutMs: buildMs, env: { CARGO_TARGET_DIR: nativeTargetDir } });
  const [wheel] = readdirSync(wheels).filter((file) => file.endsWith('.whl'));
  if (!wheel) throw new PlainError('python', `expected maturin to leave a wheel in ${wheels}, found none`);
  say('note', 'python', `${wheel}: ${(statSync(join(wheels, wheel)).size / 1e6).toFixed(1)} MB`);
  return join(wheels, wheel);
}

/** What pytest says at its end, as a suite's result. */
export function resultOf({ code, output }) {
  const lines = output.split('\n');
  const counted = (word) =>
    Number(lines.findLast((line) => /\d+ \w+.* in [\d.]+s/.test(line))?.match(new RegExp(`(\\d+) ${word}`))?.[1] ?? 0);
  const failures = lines
    .filter((line) => /^(FAILED|ERROR) /.test(line))
    .map((line) => line.replace(/^\w+ (?:\S*\/)?/, ''));
  if (code !== 0 && failures.length === 0) failures.push(`pytest ended with ${code} and names no test`);
  const skips = lines.filter((line) => /^SKIPPED /.test(line)).map((line) => line.replace(/^SKIPPED (\[\d+\] )?/, ''));
  const details = code === 0 ? undefined : output;
  return { passed: counted('passed'), failed: failures.length, skipped: counted('skipped'), failures, skips, details };
}

/** Builds the wheel and installs it, and builds the command; gives the Python that has it. */
export async function preparePython() {
  const python = await setUpForPython();
  const wheel = await buildWheel(python);
  const install = ['--no-deps', '--no-index', '--force-reinstall', '--disable-pip-version-check', '--no-input'];
  await must('pip install of the wheel', [python, '-m', 'pip', 'install', ...install, wheel], { timeoutMs: testMs });
  await buildCommand();
  return python;
}

/** The Python package: its wheel built, installed and tested, and the speed of its vectors beside the references'. */
export const pythonSuite = {
  name: 'python',
  about: 'the Python package: its wheel, built, installed and tested with pytest',
  filterable: true,
  onRequest: true,
  async run({ filter, update }) {
    const python = await preparePython();
    // From the root, where no folder is named as the package: what is tested is what was installed.
    const tests = [
      python,
      '-m',
      'pytest',
      'python/tests',
      '-p',
      'no:cacheprovider',
      '-rfEs',
      '--tb=short',
      '--color=no',
    ];
    const env = { PALAESTRA_COMMAND: palaestraCommand, PYTHONDONTWRITEBYTECODE: '1' };
    const result = resultOf(
      await run([...tests, ...(filter ? ['-k', filter] : [])], {
        cwd: root,
        env,
        timeoutMs: testMs,
        onLine: update,
        logFile: join(resultsDir, 'python.log'),
      }),
    );
    if (result.failed === 0 && !filter) {
      const bench = [python, 'python/bench/vector.py', '--seconds', '0.2', '--rounds', '3'];
      plain(await must('steps per second', bench, { timeoutMs: benchMs, env: { ...env, PYTHONWARNINGS: 'ignore' } }));
    }
    return result;
  },
};
