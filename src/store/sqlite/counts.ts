import type { Counts } from '../../engine/ports.ts';
import type { Sql } from './sql.ts';

/** Read from the counters that triggers keep: counting a million runs would take a tenth of a second. */
export function counts(sql: Sql): Counts {
  const values = new Map(
    sql.all<{ of: string; value: number }>('SELECT * FROM counter').map(row => [row.of, row.value]),
  );
  const runs = [...values].flatMap(([of, value]) => (of.startsWith('run ') && value > 0 ? [[of.slice(4), value]] : []));
  return {
    runs: Object.fromEntries(runs),
    events: values.get('events') ?? 0,
    rejected: values.get('rejected') ?? 0,
    inForce: values.get('in force') ?? 0,
    openQuestions: values.get('open questions') ?? 0,
    groups: values.get('groups') ?? 0,
    leftOut: values.get('left out') ?? 0,
    hosts: values.get('hosts') ?? 0,
    hostsLeftOut: values.get('hosts left out') ?? 0,
    hostsForgotten: values.get('hosts forgotten') ?? 0,
  };
}
