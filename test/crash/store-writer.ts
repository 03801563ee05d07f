import { writeSync } from 'node:fs';
import { silentLog } from '../../src/base/service.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite.ts';
import { acceptedOf, batchOf, birthOf, inputOf, runId, told, turnOf } from '../conformance/store/kit.ts';

/** Writes until it is killed, and says on its output what was promised: `event 7`, `turn r3 12` (the next record's number). */
const [directory = ''] = process.argv.slice(2);
const clock = { now: () => Date.now(), alarm: () => () => {} };
const store = await openSqliteStore({ directory, clock, log: silentLog });
const runs = Array.from({ length: 8 }, (_, index) => `r${index}`);
await store.wake(runs.map(run => ({ birth: birthOf(run) })));
await Promise.all([acceptForever(), ...runs.map(takeTurnsForever)]);

async function acceptForever(): Promise<never> {
  for (let next = (await store.query.lastEventSeq()) + 1; ; next++) {
    await store.accept({ ...batchOf(acceptedOf(`${next}`)), cursor: { source: 'writer', value: next } });
    writeSync(1, `event ${next}\n`);
  }
}

/** Each turn consumes one input and writes three records. */
async function takeTurnsForever(run: string): Promise<never> {
  for (;;) {
    const stored = await store.query.run(runId(run));
    const seq = stored?.head.seq ?? 0;
    await store.deliver([inputOf(run, `i${seq}`)]);
    await store.commit([turnOf(run, seq, [told, told, told], { consumed: [`i${seq}`] })]);
    writeSync(1, `turn ${run} ${seq + 3}\n`);
  }
}
