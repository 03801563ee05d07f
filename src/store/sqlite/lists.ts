import type { Change } from '../../journal/project.ts';
import type { HoldRow, Question, ResponseRow } from '../../journal/record.ts';
import type { Sql } from './sql.ts';
import { read, write } from './sql.ts';

/** What a record changes in the lists. */
export function apply(sql: Sql, change: Change): void {
  switch (change.kind) {
    case 'response-put':
      return putResponse(sql, change.response);
    case 'response-state': {
      const text = `UPDATE response SET state = ?, ended = ?, detail = ?
        WHERE id = (SELECT max(id) FROM response WHERE key = ?)`;
      sql.run(text, change.state, change.ended ?? null, change.detail ?? null, change.key);
      return;
    }
    case 'intent-opened': {
      const text = `INSERT INTO intent (run, command, response) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET response = excluded.response`;
      sql.run(text, change.run, change.command, change.response);
      return;
    }
    case 'intent-settled':
      sql.run('DELETE FROM intent WHERE run = ? AND command = ?', change.run, change.command);
      return;
    case 'hold-put':
      return putHold(sql, change.hold);
    case 'hold-dropped': {
      const text = 'DELETE FROM hold WHERE response = ? AND run = ? AND command = ?';
      sql.run(text, change.response, change.run, change.command);
      return;
    }
    case 'question-put':
      return putQuestion(sql, change.question);
    case 'question-answered': {
      const row = sql.get<{ given: string }>('SELECT given FROM question WHERE question = ?', change.question);
      if (!row) return;
      const given = [...read<unknown[]>(row.given), change.given];
      sql.run('UPDATE question SET given = ? WHERE question = ?', write(given), change.question);
      return;
    }
    case 'question-closed':
      sql.run('UPDATE question SET closed = ? WHERE question = ?', write(change.closed), change.question);
  }
}

function putResponse(sql: Sql, response: ResponseRow): void {
  const { key, run, command, incident, action, state, ended, detail, ...rest } = response;
  sql.run(
    `INSERT INTO response (key, run, command, incident, action, state, ended, detail, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET incident = excluded.incident, action = excluded.action, state = excluded.state,
       ended = excluded.ended, detail = excluded.detail, body = excluded.body`,
    key,
    run,
    command,
    incident,
    action,
    state,
    ended ?? null,
    detail ?? null,
    write(rest),
  );
}

function putHold(sql: Sql, hold: HoldRow): void {
  const text = `INSERT INTO hold (response, run, command, since, body) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET since = excluded.since, body = excluded.body`;
  sql.run(text, hold.response, hold.run, hold.command, hold.since, write(hold));
}

function putQuestion(sql: Sql, question: Question): void {
  const text = `INSERT INTO question (question, body, given) VALUES (?, ?, '[]')
    ON CONFLICT DO UPDATE SET body = excluded.body, given = excluded.given, closed = NULL`;
  sql.run(text, question.id, write(question));
}
