import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const ROUNDS = 15;

/** `backline check` on one playbook against `node -e 0`, in turns: medians of whole processes, on a fresh build in dist/. */
export function measureStart(): void {
  const built = spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) throw new Error('the build failed');
  const check = [
    join(ROOT, 'dist', 'cli', 'backline.js'),
    '-C',
    ROOT,
    'check',
    'playbooks/block-infected-host/playbook.yaml',
  ];
  const times: { nothing: number[]; check: number[] } = { nothing: [], check: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.nothing.push(timeOf(['-e', '0']));
    times.check.push(timeOf(['--disallow-code-generation-from-strings', ...check]));
  }
  const [nothing, checked] = [median(times.nothing), median(times.check)];
  console.log('start');
  console.log(`  node -e 0              ${nothing.toFixed(0).padStart(6)} ms`);
  console.log(`  backline check         ${checked.toFixed(0).padStart(6)} ms   ${(checked / nothing).toFixed(1)} ×`);
}

function timeOf(arguments_: readonly string[]): number {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, arguments_, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${arguments_.join(' ')} ended with ${String(status)}`);
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
