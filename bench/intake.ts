import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogueOf } from '../src/action/connector.ts';
import { silentLog } from '../src/base/service.ts';
import { connectors } from '../src/connectors/connectors.ts';
import { realClock } from '../src/daemon/clock.ts';
import { createIds } from '../src/daemon/ids.ts';
import { Activity } from '../src/engine/activity.ts';
import { Engine } from '../src/engine/engine.ts';
import { NO_GUARDRAILS } from '../src/engine/guardrails.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite.ts';

/**
 * What it costs to accept an event that wakes nobody, by whom it is of: no host, a thousand hosts that are known by name,
 * sensor and address, and hosts that nobody has named before. In time of the processor, since the disk and whoever else
 * uses the machine change their minds by the minute. Of the figures only the ratios can be compared.
 *
 * Run by hand: `node bench/intake.ts [directory]`, on the disk that is to be measured.
 */
const [parent = tmpdir()] = process.argv.slice(2);
const EVENTS = 6_000;
const REPETITIONS = 5;
const WAYS = [
  { what: 'singly, 50 at once', atOnce: 50, batch: 1 },
  { what: 'batches of 100', atOnce: 1, batch: 100 },
];
const WHOSE: readonly { readonly what: string; host(event: number): object | undefined }[] = [
  { what: 'no host', host: () => undefined },
  { what: '1,000 hosts', host: event => hostOf(event % 1_000) },
  { what: 'new hosts', host: event => hostOf(1_000 + event) },
];

const none = { perform: never, resume: never, verify: never };

for (const { what, atOnce, batch } of WAYS) {
  const costs = WHOSE.map(() => [] as number[]);
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    for (const [index, { host }] of WHOSE.entries()) costs[index]?.push(await accepted(atOnce, batch, host));
  }
  const [bare = 0, ...others] = costs.map(median);
  console.log(what);
  for (const [index, cost] of [bare, ...others].entries()) {
    const ratio = index === 0 ? '' : `${(cost / bare).toFixed(2)} ×`;
    console.log(`  ${(WHOSE[index]?.what ?? '').padEnd(12)} ${cost.toFixed(0).padStart(7)} µs   ${ratio}`);
  }
}

async function accepted(atOnce: number, batch: number, host: (event: number) => object | undefined): Promise<number> {
  const directory = mkdtempSync(join(parent, 'backline-bench-'));
  const store = await openSqliteStore({ directory, clock: realClock, log: silentLog });
  const engine = new Engine({
    world: { store, clock: realClock, ids: createIds(realClock), log: silentLog },
    catalogue: catalogueOf(connectors),
    performers: { active: none, shadow: none },
    activity: new Activity(realClock),
    people: { mayAnswer: () => true },
    guardrails: NO_GUARDRAILS,
    limits: { runs: 1, runsPerPlaybook: 1 },
    url: run => `http://127.0.0.1/runs/${run}`,
    inform: async () => undefined,
  });
  await engine.start([]);
  const draft = (event: number) => {
    const of = host(event);
    return {
      id: `alert-${event}`,
      type: 'carbonblack.alert',
      time: new Date().toISOString(),
      severity: 75,
      alert: { id: `${event}`, status: 'Unresolved' },
      ...(of === undefined ? {} : { host: of }),
    };
  };
  let next = 0;
  const worker = async () => {
    while (next < EVENTS) {
      const first = next;
      next += batch;
      const received = await engine.accept(
        'carbonblack',
        Array.from({ length: batch }, (_, index) => draft(first + index)) as never,
      );
      const wrong = received.find(({ kind }) => kind !== 'accepted');
      if (wrong !== undefined) throw new Error(JSON.stringify(wrong));
    }
  };
  const start = process.cpuUsage();
  await Promise.all(Array.from({ length: atOnce }, worker));
  const { user, system } = process.cpuUsage(start);
  await engine.stop();
  await store.close();
  rmSync(directory, { recursive: true });
  return (user + system) / EVENTS;
}

function hostOf(number: number): object {
  const ip = `10.${Math.floor(number / 65_536)}.${Math.floor(number / 256) % 256}.${number % 256}`;
  return { name: `host-${number}.corp.example`, sensor_id: String(number), ip: [ip] };
}

function never(): never {
  throw new Error('nothing is performed');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
