import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/service.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite.ts';
import { START } from '../conformance/store/kit.ts';

const ROUNDS = 6;
const WRITER = join(import.meta.dirname, 'store-writer.ts');

test('a process that is killed leaves every promised event and turn, no half turn, and no lock (E1, E2)', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'backline-crash-'));
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const promised = await writeUntilKilled(directory, 1 + Math.floor(Math.random() * 300));
      await expectKept(directory, promised);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}, 60_000);

test('an attempt that was refused takes nothing from the process that has the directory', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'backline-lock-'));
  try {
    const store = await open(directory);
    await expect(open(directory)).rejects.toThrow(/is in use by another process/);
    const other = spawn(process.execPath, [WRITER, directory], { stdio: 'ignore' });
    expect(await ended(other)).toMatchObject({ code: 1 });
    await store.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});

/** Gives back the lines of a writer that is killed once it has promised so much. */
async function writeUntilKilled(directory: string, enough: number): Promise<string[]> {
  const writer = spawn(process.execPath, [WRITER, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = ended(writer);
  const promised: string[] = [];
  try {
    for await (const line of createInterface({ input: writer.stdout })) {
      promised.push(line);
      if (promised.length === 1) await expect(open(directory)).rejects.toThrow(/is in use by another process/);
      if (promised.length === enough) writer.kill('SIGKILL');
    }
    expect(await end).toMatchObject({ signal: 'SIGKILL' });
    return promised;
  } finally {
    writer.kill('SIGKILL');
  }
}

async function expectKept(directory: string, promised: readonly string[]): Promise<void> {
  const store = await open(directory);
  const last = await store.query.lastEventSeq();
  expect(await store.query.cursor('writer')).toBe(last);
  const heads = new Map<string, number>();
  for await (const { birth, head, inputs } of store.load()) {
    const { run } = birth.facts;
    const records = await store.query.records(run);
    expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: head.seq }, (_, seq) => seq));
    // One record is the birth; a turn writes three, moves the head by as many and consumes the input that names it.
    expect(head.seq % 3).toBe(1);
    expect(inputs.map(({ id }) => id)).toEqual(inputs.length === 0 ? [] : [`i${head.seq}`]);
    heads.set(run, head.seq);
  }
  for (const line of promised) {
    const [what, name = '', seq] = line.split(' ');
    if (what === 'event') expect(Number(name)).toBeLessThanOrEqual(last);
    else expect(heads.get(name)).toBeGreaterThanOrEqual(Number(seq));
  }
  await store.close();
}

function open(directory: string) {
  return openSqliteStore({ directory, clock: new SimulatedClock(START), log: silentLog });
}

function ended(
  child: ReturnType<typeof spawn>,
): Promise<{ readonly code: number | null; readonly signal: string | null }> {
  return new Promise(resolve => child.once('close', (code, signal) => resolve({ code, signal })));
}
