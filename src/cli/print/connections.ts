import type { ConnectionView, WayView } from '../../api/contract.ts';
import type { Instant } from '../../base/clock.ts';
import { columns } from './columns.ts';
import { plural } from './findings.ts';
import type { Paint } from './painter.ts';
import { harmless } from './printable.ts';
import { when } from './when.ts';

/** A line for each place that is spoken to; what is wrong with it stands below. */
export function printConnections(given: readonly ConnectionView[], now: Instant, paint: Paint): string {
  const views = harmless(given);
  if (views.length === 0) return 'Nothing is connected.';
  const rows = views.flatMap(({ name, ways }) =>
    ways.length === 0
      ? [{ cells: [name, paint.faint('speaks to nobody'), '', '', '', ''], notes: [] }]
      : ways.map(way => ({
          cells: [way.name === 'default' ? name : `${name} (${way.name})`, ...cellsOf(way, now, paint)],
          notes: notesOf(way, now, paint),
        })),
  );
  const head = ['connection', 'circuit', 'last answer', 'p50 / p95', 'in vain', 'left'].map(paint.faint);
  const lines = columns([head, ...rows.map(({ cells }) => cells)]);
  return [lines[0], ...rows.flatMap(({ notes }, index) => [lines[index + 1], ...notes.map(note => `  ${note}`)])].join(
    '\n',
  );
}

function cellsOf(way: WayView, now: Instant, paint: Paint): string[] {
  const { circuit, succeeded, latency, exchanges, errorRate, quota } = way;
  const inVain = `${Math.round(errorRate * 100)} % of ${exchanges}`;
  return [
    circuit === 'closed' ? paint.good('closed') : paint.bad(circuit),
    succeeded === undefined ? 'never yet' : when(succeeded, now),
    latency === undefined ? '-' : `${latency.p50} / ${latency.p95} ms`,
    errorRate === 0 ? inVain : paint.doubt(inVain),
    quota === undefined ? '-' : `${quota.remaining}${quota.limit === undefined ? '' : ` of ${quota.limit}`}`,
  ];
}

function notesOf(way: WayView, now: Instant, paint: Paint): string[] {
  const { place, insecure, circuit, since = '', until, detail = '', waiting, failed } = way;
  const next = until === undefined ? 'being tested' : `tested again ${when(until, now)}`;
  return [
    ...(insecure ? [paint.bad(`INSECURE: whoever answers at ${place} is trusted`)] : []),
    ...(circuit === 'closed'
      ? []
      : [paint.bad(`not asked since ${when(since, now)}: ${detail}; ${next}; ${plural(waiting, 'call')} waiting`)]),
    ...(failed === undefined || circuit !== 'closed'
      ? []
      : [paint.faint(`last in vain ${when(failed.at, now)}: ${failed.reason}, ${failed.detail}`)]),
  ];
}
