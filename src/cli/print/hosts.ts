import type { HostDetail, HostView, HostsView, MatrixCell } from '../../api/contract.ts';
import type { Instant } from '../../base/clock.ts';
import { STAGES } from '../../event/event.ts';
import { columns } from './columns.ts';
import type { Paint } from './painter.ts';
import { harmless } from './printable.ts';
import { table } from './table.ts';
import { distance, localTime, when } from './when.ts';

export function printHosts({ hosts, count, next }: HostsView, now: Instant, paint: Paint): string {
  const rows = hosts.map(({ key, names, sensors, addresses, last }) => [
    key,
    names.map(({ name }) => name).join(', '),
    sensors.map(sensorText).join(', '),
    addresses.flatMap(({ ip, leased }) => (leased ? [ip] : [])).join(', '),
    when(last, now),
  ]);
  const more = next === undefined ? [] : [paint.faint(`${hosts.length} of ${count}; the next ones: --after ${next}`)];
  return [table(['host', 'names', 'sensors', 'addresses now', 'last seen'], rows, 'no hosts', paint), ...more].join(
    '\n',
  );
}

/** Who a host is, whether the threat goes on, the kill chain, and what happened in the order of time. */
export function printHost(given: HostDetail, now: Instant, paint: Paint): string {
  const { host, called, others, matrix, timeline, since, isWhole } = harmless(given);
  const cut = isWhole ? [] : [paint.doubt('there is more: these are the latest events')];
  return [
    ...(host === undefined ? unknown(called, paint) : known(host, now, paint)),
    ...others.map(other => paint.doubt(`${called} may be another host as well: ${other}`)),
    '',
    state(timeline, since, now, paint),
    ...(matrix.length === 0 ? [] : ['', ...chain(matrix, paint), '', ...story(timeline, paint), ...cut]),
  ].join('\n');
}

function unknown(called: string, paint: Paint): string[] {
  return [paint.strong(called), paint.faint('no host is known by this; these events have it as their key')];
}

function known({ key, aliases, names, sensors, addresses, last }: HostView, now: Instant, paint: Paint): string[] {
  const current = addresses.filter(({ leased }) => leased).map(({ ip, last: seen }) => `${ip} (${ago(seen, now)})`);
  const former = new Set(addresses.filter(({ leased }) => !leased).map(({ ip }) => ip));
  const lines: readonly (readonly [string, string])[] = [
    ['names', names.map(({ name }) => name).join(', ')],
    ['sensors', sensors.map(sensorText).join(', ')],
    ['addresses', current.join(', ')],
    ['had before', [...former].join(', ')],
    ['old keys', aliases.join(', ')],
  ];
  return [
    `${paint.strong(key)}  ${paint.faint(`last seen ${when(last, now)}`)}`,
    ...columns(lines.filter(([, text]) => text !== '').map(([what, text]) => [paint.faint(what), text])),
  ];
}

function sensorText({ origin, id }: { readonly origin: string; readonly id: string }): string {
  return `${origin} ${id}`;
}

function state(timeline: HostDetail['timeline'], since: string, now: Instant, paint: Paint): string {
  const { entries, active, blocked_all: isBlocked, last } = timeline;
  if (last === undefined) return paint.good(`nothing was reported since ${localTime(since)}`);
  const open = entries.findLast(({ disposition }) => disposition !== 'blocked');
  if (active && open !== undefined) {
    const where = open.stage === undefined ? '' : ` in ${open.stage}`;
    return paint.bad(`the threat goes on: ${open.product} saw what was not blocked ${ago(open.time, now)}${where}`);
  }
  if (isBlocked) return paint.good(`all that products judged was blocked; last seen ${ago(last, now)}`);
  return paint.doubt(
    `quiet: what was not blocked was last seen ${open === undefined ? 'never' : ago(open.time, now)}, the last event ${ago(last, now)}`,
  );
}

function ago(time: string, now: Instant): string {
  return distance(Date.parse(time) - now);
}

/** A row for each stage, a column for each product; below the counts, when. */
function chain(matrix: HostDetail['matrix'], paint: Paint): string[] {
  const cells = matrix.flatMap(row => row.cells);
  const stages = [...STAGES, undefined].filter(stage => cells.some(cell => cell.stage === stage));
  const rows = stages.flatMap(stage => {
    const found = matrix.map(row => row.cells.find(cell => cell.stage === stage));
    return [
      [stage ?? 'no stage', ...found.map(cell => (cell === undefined ? '' : counts(cell, paint)))],
      ['', ...found.map(cell => (cell === undefined ? '' : paint.faint(times(cell))))],
    ];
  });
  return columns([['', ...matrix.map(({ product }) => paint.strong(product))], ...rows]);
}

function counts(cell: MatrixCell, paint: Paint): string {
  const colours = { allowed: paint.bad, detected: paint.doubt, reported: paint.doubt, blocked: paint.good } as const;
  return (['allowed', 'detected', 'reported', 'blocked'] as const)
    .flatMap(what => (cell[what] === 0 ? [] : [colours[what](`${cell[what]} ${what}`)]))
    .join(', ');
}

/** `11-24 09:00`, and up to when, by the day only where that is another. */
function times({ first, last }: MatrixCell): string {
  const [from, to] = [localTime(first).slice(5, 16), localTime(last).slice(5, 16)];
  if (from === to) return from;
  return `${from} – ${from.slice(0, 5) === to.slice(0, 5) ? to.slice(6) : to}`;
}

function story({ entries }: HostDetail['timeline'], paint: Paint): string[] {
  const rows = entries.map(({ time, product, stage, disposition, summary }) => [
    localTime(time),
    product,
    stage ?? 'no stage',
    disposition ?? 'reported',
    summary,
  ]);
  return table(['time', 'product', 'stage', 'what became of it', 'what'], rows, '', paint).split('\n');
}
