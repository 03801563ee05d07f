import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunId } from '../src/base/ids.ts';
import { silentLog } from '../src/base/service.ts';
import type { Turn } from '../src/engine/ports.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite.ts';
import { birthOf, commandId, runId, turnOf } from '../test/conformance/store/kit.ts';

/**
 * Turns a second that the SQLite store commits, beside those that an append-only file takes with one `fdatasync` per
 * group of the same size: what the disk allows at all. Both are measured in turn, since a shared disk changes its mind
 * by the minute; of the figures only the ratio can be compared between machines.
 *
 * Run by hand: `node bench/store.ts [directory]`, on the disk that is to be measured.
 */
const [parent = tmpdir()] = process.argv.slice(2);
const REPETITIONS = 5;
const TURNS = 3_000;
const clock = { now: () => Date.now(), alarm: () => () => {} };

for (const atOnce of [1, 10, 50]) {
  const measured = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    measured.push({ file: appended(atOnce), store: await committed(atOnce) });
  }
  const file = median(measured.map(each => each.file));
  const store = median(measured.map(each => each.store));
  const ratio = median(measured.map(each => each.store / each.file));
  const rate = (value: number) => value.toFixed(0).padStart(7);
  console.log(
    `${String(atOnce).padStart(3)} at once: store ${rate(store)}/s, file ${rate(file)}/s, ratio ${ratio.toFixed(2)}`,
  );
}

async function committed(atOnce: number): Promise<number> {
  const directory = mkdtempSync(join(parent, 'backline-bench-'));
  const store = await openSqliteStore({ directory, clock, log: silentLog });
  const runs = Array.from({ length: atOnce }, (_, index) => `run ${index}`);
  await store.wake(runs.map(run => ({ birth: birthOf(run) })));
  const start = performance.now();
  await Promise.all(
    runs.map(async run => {
      for (let turn = 0; turn < TURNS / atOnce; turn++) await store.commit([turnAt(runId(run), turn)]);
    }),
  );
  const rate = perSecond(start);
  await store.close();
  rmSync(directory, { recursive: true });
  return rate;
}

function appended(atOnce: number): number {
  const directory = mkdtempSync(join(parent, 'backline-bench-'));
  const file = openSync(join(directory, 'journal'), 'a');
  const start = performance.now();
  for (let turn = 0; turn < TURNS / atOnce; turn++) {
    const lines = Array.from({ length: atOnce }, () => JSON.stringify(turnAt(runId('run'), turn)));
    writeSync(file, lines.join('\n'));
    fdatasyncSync(file);
  }
  const rate = perSecond(start);
  closeSync(file);
  rmSync(directory, { recursive: true });
  return rate;
}

/** A turn of one record; with its head about a kibibyte. */
function turnAt(run: RunId, turn: number): Turn {
  const seq = turn + 1;
  return turnOf(run, seq, [
    { kind: 'attempted', command: commandId('feed'), attempt: turn, reason: 'unavailable', detail: 'x'.repeat(500) },
  ]);
}

function perSecond(start: number): number {
  return TURNS / ((performance.now() - start) / 1_000);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
