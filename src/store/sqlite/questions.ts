import type { QuestionId } from '../../base/ids.ts';
import type { QuestionRow } from '../../engine/ports.ts';
import type { Closed, Given } from '../../journal/project.ts';
import type { Question } from '../../journal/record.ts';
import type { Sql } from './sql.ts';
import { read } from './sql.ts';

export function questions(
  sql: Sql,
  { open, limit }: { readonly open: boolean; readonly limit: number },
): QuestionRow[] {
  const closed = open ? 'closed IS NULL' : 'closed IS NOT NULL';
  return sql.all<Row>(`SELECT * FROM question WHERE ${closed} ORDER BY id DESC LIMIT ?`, limit).map(rowOf);
}

export function questionOf(sql: Sql, id: QuestionId): QuestionRow | undefined {
  const row = sql.get<Row>('SELECT * FROM question WHERE question = ?', id);
  return row && rowOf(row);
}

interface Row {
  readonly body: string;
  readonly given: string;
  readonly closed: string | null;
}

function rowOf({ body, given, closed }: Row): QuestionRow {
  return {
    question: read<Question>(body),
    given: read<Given[]>(given),
    ...(closed === null ? {} : { closed: read<Closed>(closed) }),
  };
}
