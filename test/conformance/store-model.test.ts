import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Store } from '../../src/engine/ports.ts';
import { project } from '../../src/journal/project.ts';
import type { RecordBody } from '../../src/journal/record.ts';
import { createMemoryStore } from '../../src/store/memory/memory.ts';
import { apply } from '../../src/store/sqlite/lists.ts';
import { Sql } from '../../src/store/sqlite/sql.ts';
import { Disk } from './store/disk.ts';
import { begin } from './store/kit.ts';
import type { Call, Stands } from './store/random.ts';
import { call } from './store/random.ts';
import { snapshotOf } from './store/snapshot.ts';

/** Calls that are made at the same time, after the clock has moved on. */
const steps = fc.array(fc.record({ calls: fc.array(call, { minLength: 1, maxLength: 4 }), pass: fc.nat(8) }), {
  minLength: 1,
  maxLength: 12,
});

test('whatever is called, memory and SQLite give the same answers and show the same, and so does the file when it is opened again', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async story => {
      const disk = new Disk();
      try {
        const memory = createMemoryStore({ clock: disk.clock });
        for (const store of [disk.store, memory]) await begin(store, 'e0', 'r0', 'r1', 'r2', 'r3');
        for (const { calls, pass } of story) {
          disk.clock.moveTo(disk.clock.now() + pass);
          expect(await answers(disk.store, calls)).toEqual(await answers(memory, calls));
        }
        const expected = await snapshotOf(memory);
        expect(await snapshotOf(disk.store)).toEqual(expected);
        expect(await budgets(disk.store)).toEqual(await budgets(memory));
        expect(await snapshotOf(await disk.reopen())).toEqual(expected);
      } finally {
        await disk.remove();
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('the lists follow from the journal: emptied and folded again from all records, they are the same', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async story => {
      const disk = new Disk();
      try {
        await begin(disk.store, 'e0', 'r0', 'r1', 'r2', 'r3');
        for (const { calls } of story) await answers(disk.store, calls);
        const before = { ...(await snapshotOf(disk.store)), intents: intentsOf(disk) };
        rebuild(disk);
        expect({ ...(await snapshotOf(disk.store)), intents: intentsOf(disk) }).toEqual(before);
      } finally {
        await disk.remove();
      }
    }),
    { numRuns: 30 },
  );
}, 60_000);

async function answers(store: Store, calls: readonly Call[]): Promise<unknown[]> {
  const stands: Stands = new Map();
  for (const { run } of await store.query.runs({ limit: 100 })) {
    const stored = await store.query.run(run);
    if (!stored) continue;
    const { seq, status } = stored.head;
    stands.set(run, { seq, status, waiting: stored.inputs.map(({ id }) => id) });
  }
  const settled = await Promise.allSettled(calls.map(each => each(store, stands)));
  return settled.map(each => (each.status === 'fulfilled' ? each.value : String(each.reason)));
}

function budgets(store: Store): Promise<number[]> {
  return Promise.all([store.query.budget('isolations', 10), store.query.budget('in all', 15)]);
}

function rebuild({ database }: Disk): void {
  database.exec(`DELETE FROM intent; DELETE FROM hold; DELETE FROM response; DELETE FROM question;
    UPDATE counter SET value = 0 WHERE of IN ('in force', 'open questions')`);
  const sql = new Sql(database);
  const text = 'SELECT run.run, seq, at, body FROM record JOIN run ON run.id = record.run ORDER BY record.id';
  for (const row of sql.all<{ run: never; seq: number; at: number; body: string }>(text)) {
    const record = { ...row, body: JSON.parse(row.body) as RecordBody };
    for (const change of project(record)) apply(sql, change);
  }
}

function intentsOf({ database }: Disk): unknown[] {
  return database.prepare('SELECT run, command, response FROM intent ORDER BY id').all();
}
