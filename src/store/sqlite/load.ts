import type { StoredRun } from '../../engine/ports.ts';
import type { RunTableRow } from './rows.ts';
import { storedRun } from './rows.ts';
import type { Sql } from './sql.ts';

const PAGE = 200;

/** Page by page, so that no read transaction stays open while the caller works on a run. */
export async function* load(open: () => Sql): AsyncGenerator<StoredRun> {
  let last = 0;
  for (;;) {
    const rows = page(open(), last);
    for (const row of rows) {
      yield storedRun(open(), row);
      last = row.id;
    }
    if (rows.length < PAGE) return;
  }
}

/** Unfinished runs, and ended ones with inputs or unsettled commands: each part is read from its partial index, in order. */
function page(sql: Sql, last: number): RunTableRow[] {
  return sql.all(
    `SELECT * FROM run WHERE id IN (
       SELECT id FROM run WHERE ended IS NULL AND id > ?
       UNION SELECT run FROM input WHERE body IS NOT NULL AND run > ?
       UNION SELECT run FROM head WHERE commands <> '{}' AND run > ?
       ORDER BY 1 LIMIT ?
     ) ORDER BY id`,
    last,
    last,
    last,
    PAGE,
  );
}
