/**
 * alert → 2 reads side by side → verdict → 2 writes in order, with full durability, against the same requests by a
 * hand-written undici script without persistence. Both in one process, in turns, against one product in another process.
 *
 *   npm run bench            ratios of throughput and p99 at concurrency 1 and 50, and the start of `backline check`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { catalogueOf } from '../src/action/connector.ts';
import { noFiles } from '../src/base/file.ts';
import { silentLog } from '../src/base/service.ts';
import { connectors } from '../src/connectors/connectors.ts';
import { realClock } from '../src/daemon/clock.ts';
import { Connections } from '../src/daemon/connections.ts';
import { createIds } from '../src/daemon/ids.ts';
import { livePerformer } from '../src/daemon/performer.ts';
import { Activity } from '../src/engine/activity.ts';
import { Engine } from '../src/engine/engine.ts';
import { NO_GUARDRAILS } from '../src/engine/guardrails.ts';
import { compile } from '../src/machine/compile.ts';
import { loadPlaybook } from '../src/playbook/load.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite.ts';

const PLAYBOOK = `
language: v1
playbook: bench
description: Two reads side by side, a verdict, two writes in order.
owner: soc@example.org
trigger:
  - event: carbonblack.alert
    match: { severity|gte: 40 }
enrich:
  sensor: { do: http.get, with: { host: product, path: "/sensor/{{event.host.name}}" } }
  file: { do: http.get, with: { host: product, path: "/hash/{{event.alert.id}}" } }
verdict:
  - is: malicious
    if: enrich.file.json.score >= 8
  - is: benign
respond:
  malicious:
    - { id: first, do: http.send, with: { method: POST, host: product, path: /block, json: { host: "{{event.host.name}}" } } }
    - { id: second, do: http.send, with: { method: POST, host: product, path: /note, json: { text: "{{verdict.because}}" } } }
  benign: []
  unknown: []
`;

export async function measureScenario(): Promise<void> {
  const product = spawn(process.execPath, [join(import.meta.dirname, 'product.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(product.stdout, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${Number(line.toString())}`;
  const directory = mkdtempSync(join(tmpdir(), 'backline-bench-'));
  const script = handWritten(url);
  const backline = await durable(url, directory);
  try {
    for (const concurrency of [1, 50]) {
      const runs = concurrency === 1 ? 400 : 3_000;
      await loop(script.run, 100, concurrency);
      await loop(backline.run, 100, concurrency);
      const rounds = [];
      for (let round = 0; round < 3; round++) {
        rounds.push({
          script: await loop(script.run, runs, concurrency),
          backline: await loop(backline.run, runs, concurrency),
        });
      }
      const middle = rounds.toSorted((a, b) => a.backline.rate / a.script.rate - b.backline.rate / b.script.rate)[1];
      if (middle === undefined) throw new Error('no rounds');
      print(concurrency, middle.script, middle.backline);
    }
  } finally {
    await backline.close();
    await script.close();
    product.stdin.end();
    rmSync(directory, { recursive: true });
  }
}

interface Measured {
  readonly rate: number;
  readonly p99: number;
}

async function loop(run: (n: number) => Promise<void>, count: number, concurrency: number): Promise<Measured> {
  const times: number[] = [];
  let next = 0;
  const start = performance.now();
  const worker = async () => {
    while (next < count) {
      const begun = performance.now();
      await run(serial++);
      next++;
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const rate = times.length / ((performance.now() - start) / 1_000);
  const sorted = times.toSorted((a, b) => a - b);
  return { rate, p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
}

let serial = 0;

function print(concurrency: number, script: Measured, backline: Measured): void {
  const row = (name: string, { rate, p99 }: Measured) =>
    console.log(`  ${name.padEnd(22)} ${rate.toFixed(0).padStart(6)} runs/s   p99 ${p99.toFixed(1).padStart(6)} ms`);
  console.log(`concurrency ${concurrency}`);
  row('undici, no persistence', script);
  row('backline, sqlite', backline);
  console.log(
    `  ratio                  ${(backline.rate / script.rate).toFixed(2).padStart(6)}          p99 ${(backline.p99 / script.p99).toFixed(1).padStart(6)} ×`,
  );
}

function handWritten(url: string): { run(n: number): Promise<void>; close(): Promise<void> } {
  const pool = new Pool(url, { connections: 100 });
  const call = async (method: 'GET' | 'POST', path: string, body?: object) => {
    const answer = await pool.request({
      method,
      path,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return (await answer.body.json()) as { readonly score: number; readonly name: string };
  };
  return {
    async run(n) {
      const [, file] = await Promise.all([call('GET', `/sensor/host-${n}`), call('GET', `/hash/${n}`)]);
      if (file.score < 8) return;
      await call('POST', '/block', { host: `host-${n}` });
      await call('POST', '/note', { text: 'malicious' });
    },
    close: () => pool.close(),
  };
}

async function durable(
  url: string,
  directory: string,
): Promise<{ run(n: number): Promise<void>; close(): Promise<void> }> {
  const catalogue = catalogueOf(connectors);
  const { playbook, diagnostics } = loadPlaybook({ file: 'bench.yaml', text: PLAYBOOK }, catalogue);
  if (playbook === undefined) throw new Error(JSON.stringify(diagnostics, null, 1));
  const clock = realClock;
  const activity = new Activity(clock);
  const http = catalogue.connectors.get('http');
  if (http === undefined) throw new Error('no http connector');
  const connections = new Connections({ clock, activity });
  connections.replace([
    { name: 'http', connector: http, settings: { hosts: { product: { url } } }, concurrency: 1_000, poll: new Map() },
  ]);
  const performer = livePerformer({ connections, files: noFiles, clock, log: silentLog });
  const store = await openSqliteStore({ directory, clock, log: silentLog });
  const engine = new Engine({
    world: { store, clock, ids: createIds(clock), log: silentLog },
    catalogue,
    performers: { active: performer, shadow: performer },
    activity,
    people: { mayAnswer: () => true },
    guardrails: NO_GUARDRAILS,
    limits: { runs: 200, runsPerPlaybook: 200 },
    url: run => `http://127.0.0.1/runs/${run}`,
    inform: async () => undefined,
  });
  await engine.start([{ compiled: compile(playbook, catalogue), mode: 'active', params: {} }]);
  const ended = new Map<string, () => void>();
  engine.listen(records => {
    for (const { run, body } of records) {
      if (body.kind !== 'ended') continue;
      if (body.status !== 'done') throw new Error(`a run ended ${body.status}`);
      ended.get(run)?.();
      ended.delete(run);
    }
  });
  return {
    async run(n) {
      const time = new Date().toISOString();
      const [received] = await engine.accept('carbonblack', [
        {
          id: `alert-${n}`,
          type: 'carbonblack.alert',
          time,
          severity: 75,
          alert: { id: `${n}`, status: 'Unresolved' },
          host: { name: `host-${n}` },
        },
      ]);
      const run = received?.kind === 'accepted' ? received.runs[0] : undefined;
      if (run === undefined) throw new Error('the alert woke nobody');
      await new Promise<void>(resolve => ended.set(run, resolve));
    },
    async close() {
      await engine.stop();
      await store.close();
      await connections.close();
    },
  };
}
