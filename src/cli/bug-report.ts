import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

/** Puts a bug of ours into a file and says where; the stack is for us, not for whoever was interrupted by it. */
export function reportBug(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Arguments are left out: `--input` may hold what nobody should send to us.
  const report = [
    `command: ${process.argv[2] ?? ''}`,
    `node: ${process.version} ${process.platform} ${process.arch}`,
    '',
    inspect(error),
    '',
  ];
  try {
    const file = join(mkdtempSync(join(tmpdir(), 'backline-bug-')), 'report.txt');
    writeFileSync(file, report.join('\n'), { mode: 0o600 });
    return `backline: a bug of ours: ${message}\n  The report is in ${file}; please send it to us.\n`;
  } catch {
    return `backline: a bug of ours: ${message}\n  No report could be written to ${tmpdir()}.\n`;
  }
}
