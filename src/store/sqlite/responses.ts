import type { Instant } from '../../base/clock.ts';
import type { ResponseKey } from '../../base/ids.ts';
import type { ResponseFilter } from '../../engine/ports.ts';
import type { ResponseRow } from '../../journal/record.ts';
import { where } from './filter.ts';
import { IN_FORCE } from './in-force.ts';
import type { Sql } from './sql.ts';
import { read } from './sql.ts';

export function responses(sql: Sql, { inForce, run, incident, action, limit }: ResponseFilter): ResponseRow[] {
  const { text, values } = where([
    { text: 'run = ?', value: run },
    { text: 'incident = ?', value: incident },
    { text: 'action = ?', value: action },
  ]);
  const state = inForce === undefined ? '' : `${text === '' ? 'WHERE' : 'AND'} ${inForce ? '' : 'NOT '}${IN_FORCE}`;
  return sql.all<Row>(`SELECT * FROM response ${text} ${state} ORDER BY id DESC LIMIT ?`, ...values, limit).map(rowOf);
}

export function responseOf(sql: Sql, key: ResponseKey): ResponseRow | undefined {
  const row = sql.get<Row>('SELECT * FROM response WHERE key = ? ORDER BY id DESC LIMIT 1', key);
  return row && rowOf(row);
}

type Columns = 'key' | 'run' | 'command' | 'incident' | 'action' | 'state' | 'ended' | 'detail';

interface Row extends Pick<ResponseRow, Exclude<Columns, 'ended' | 'detail'>> {
  readonly ended: Instant | null;
  readonly detail: string | null;
  /** The rest, as JSON. */
  readonly body: string;
}

function rowOf({ key, run, command, incident, action, state, ended, detail, body }: Row): ResponseRow {
  return {
    ...read<Omit<ResponseRow, Columns>>(body),
    key,
    run,
    command,
    incident,
    action,
    state,
    ...(ended === null ? {} : { ended }),
    ...(detail === null ? {} : { detail }),
  };
}
