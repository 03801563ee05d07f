/**
 * How many events a second the triggers of many playbooks take, against asking each trigger. Alerts of about 0.7 KB, parsed
 * already. Run it with `node bench/match.ts`.
 */
import { parseArgs } from 'node:util';
import { startOf } from '../src/base/span.ts';
import type { Event } from '../src/event/event.ts';
import type { TriggerEntry } from '../src/match/match.ts';
import { buildIndex, fullScan } from '../src/match/match.ts';
import type { MatchField, MatchModifier } from '../src/match/types.ts';

const { values } = parseArgs({ options: { triggers: { type: 'string' } } });
const sizes = values.triggers === undefined ? [10, 100, 1_000, 10_000] : [Number(values.triggers)];
const random = generator(1);
const span = startOf('bench.yaml');
const words = Array.from({ length: 300 }, () =>
  Array.from({ length: 4 }, () => `${'bcdfghklmnprstvz'[pick(16)]}${'aeio'[pick(4)]}`).join(''),
);

for (const size of sizes) {
  const triggers = Array.from({ length: size }, (_, number) => trigger(number));
  const events = Array.from({ length: 5_000 }, (_, number) => alert(number));
  const beforeBuild = performance.now();
  const index = buildIndex(triggers);
  const build = performance.now() - beforeBuild;
  const indexed = rate(events, event => index.matching(event).length);
  const scanned = rate(events, event => fullScan(triggers, event).length);
  const hits = events.reduce((sum, event) => sum + index.matching(event).length, 0) / events.length;
  console.log(
    `${size} triggers: ${format(indexed)} events/s, ${(indexed / scanned).toFixed(1)} times a full scan (${format(scanned)}/s); ` +
      `${hits.toFixed(2)} hits an event, built in ${build.toFixed(0)} ms`,
  );
}

/** Events a second of processor time, so that a busy machine gives the same figure; the best of five passes. */
function rate(events: readonly Event[], work: (event: Event) => number): number {
  let best = 0;
  for (let pass = 0; pass < 5; pass++) {
    const begin = process.cpuUsage();
    let done = 0;
    let seconds = 0;
    while (seconds < 0.5) {
      for (let step = 0; step < 50; step++) work(events[done++ % events.length] ?? alert(0));
      const { user, system } = process.cpuUsage(begin);
      seconds = (user + system) / 1_000_000;
    }
    best = Math.max(best, done / seconds);
  }
  return best;
}

function trigger(number: number): TriggerEntry {
  const shape = number % 4;
  const fields = [field('observer.vendor', [vendor()])];
  if (shape === 0) fields.push(field('rule.name', Array.from({ length: 5 }, rule)));
  if (shape === 1) {
    fields.push(
      field('severity|gte', [50 + pick(50)]),
      field('host.name|startswith', [`${site()}-`]),
      field('stage', [stage()]),
    );
  }
  if (shape === 2) fields.push(field('process.command_line|contains|all', [` --${word()}`, `${word()}.exe`]));
  if (shape === 3) fields.push(field('rule.id', [`R-${pick(5_000)}`]), field('user.name|startswith|not', ['svc-']));
  return { id: `p${number}#0`, event: 'bench.alert', match: { any: [fields], span }, params: {}, lists: {} };
}

function alert(number: number): Event {
  return {
    id: `alert-${number}`,
    origin: 'bench',
    type: 'bench.alert',
    time: '2026-11-24T09:00:00Z',
    severity: pick(100),
    stage: stage(),
    disposition: 'detected',
    observer: { vendor: vendor(), product: 'endpoint', name: 'sensor-7' },
    rule: { id: `R-${pick(5_000)}`, name: rule() },
    host: {
      name: `${site()}-WS-${pick(2_000)}`,
      ip: [`10.0.${pick(250)}.${pick(250)}`],
      sensor_id: String(pick(9_000)),
      key: 'h',
    },
    user: { name: pick(5) === 0 ? `svc-${word()}` : word(), domain: 'CORP', email: `${word()}@example.org` },
    process: {
      name: `${word()}.exe`,
      pid: pick(60_000),
      executable: `C:\\Program Files\\${word()}\\${word()}.exe`,
      command_line: `"C:\\Windows\\System32\\${word()}.exe" --${word()} --${word()} ${word()}.dat /c ${word()}`,
      hash: { sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    },
    destination: { ip: `203.0.113.${pick(250)}`, port: 443, domain: `${word()}.example.net` },
  };
}

function field(key: string, wanted: readonly (string | number)[]): MatchField {
  const [name = '', ...modifiers] = key.split('|');
  return { field: name, modifiers: modifiers as MatchModifier[], values: wanted, span };
}

function vendor(): string {
  return `Vendor ${pick(20)}`;
}

function rule(): string {
  return `Suspicious activity of ${word()}`;
}

function stage(): string {
  return ['delivery', 'exploitation', 'installation', 'command-and-control'][pick(4)] ?? '';
}

function site(): string {
  return `${String.fromCharCode(65 + pick(26), 65 + pick(26))}${pick(10)}`;
}

function word(): string {
  return words[pick(words.length)] ?? '';
}

function pick(count: number): number {
  return Math.floor(random() * count);
}

/** The same numbers each time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function format(perSecond: number): string {
  return Math.round(perSecond).toLocaleString('en');
}
