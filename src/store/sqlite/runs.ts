import type { RunFilter, RunRow } from '../../engine/ports.ts';
import { where } from './filter.ts';
import type { RunTableRow } from './rows.ts';
import type { Sql } from './sql.ts';

export function runs(sql: Sql, { playbook, status, host, incident, limit }: RunFilter): RunRow[] {
  const { text, values } = where([
    { text: 'playbook = ?', value: playbook },
    { text: 'status = ?', value: status },
    { text: 'host = ?', value: host },
    { text: 'incident = ?', value: incident },
  ]);
  return sql.all<RunTableRow>(`SELECT * FROM run ${text} ORDER BY id DESC LIMIT ?`, ...values, limit).map(rowOf);
}

function rowOf({
  run,
  playbook,
  version,
  status,
  mode,
  incident,
  host,
  verdict,
  created,
  ended,
  suppressed,
}: RunTableRow): RunRow {
  return {
    run,
    playbook,
    version,
    status,
    mode,
    incident,
    ...(host === null ? {} : { host }),
    ...(verdict === null ? {} : { verdict }),
    created,
    ...(ended === null ? {} : { ended }),
    suppressed,
  };
}
