import type { Clock, Instant } from '../../base/clock.ts';
import type { Queries } from '../../engine/ports.ts';
import type { Event } from '../../event/event.ts';
import type { HoldRow } from '../../journal/record.ts';
import { granted } from './commit.ts';
import { counts } from './counts.ts';
import { pauseOf } from './facts.ts';
import { where } from './filter.ts';
import { groupIn } from './groups.ts';
import { countHosts, hostsAfter, knownHosts } from './hosts.ts';
import { recordsOf } from './journal.ts';
import { listed, listOf, notesOf, remembered, tally } from './keep.ts';
import { questionOf, questions } from './questions.ts';
import { responseOf, responses } from './responses.ts';
import { lastPosition, rowOfRun, storedRun } from './rows.ts';
import { runs } from './runs.ts';
import type { Sql } from './sql.ts';
import { read } from './sql.ts';

/** Each query is one or a few statements, read to their end at once: none leaves a read transaction open. */
export function sqliteQueries(open: () => Sql, clock: Clock): Queries {
  return {
    runs: async filter => runs(open(), filter),
    run: async id => {
      const sql = open();
      const row = rowOfRun(sql, id);
      return row && storedRun(sql, row);
    },
    records: async id => recordsOf(open(), id),
    responses: async filter => responses(open(), filter),
    response: async key => responseOf(open(), key),
    holds: async response => {
      const { text, values } = where([{ text: 'response = ?', value: response }]);
      return open()
        .all<{ body: string }>(`SELECT body FROM hold ${text} ORDER BY id DESC`, ...values)
        .map(({ body }) => read<HoldRow>(body));
    },
    questions: async filter => questions(open(), filter),
    question: async id => questionOf(open(), id),
    eventsSince: async (seq, types, limit) => {
      const text = `SELECT seq, body FROM event
        WHERE seq > ? AND type IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?`;
      return open().all<EventRow>(text, seq, JSON.stringify(types), limit).map(eventOf);
    },
    event: async key => {
      const row = open().get<EventRow>('SELECT seq, body FROM event WHERE key = ?', key);
      return row && eventOf(row);
    },
    group: async (correlation, group) => groupIn(open(), correlation, group),
    known: async marks => {
      const sql = open();
      return { hosts: knownHosts(sql, marks), count: countHosts(sql) };
    },
    hosts: async ({ after = '', limit }) => hostsAfter(open(), after, limit),
    timeline: async ({ hosts, since, until, limit }) => {
      const text = `SELECT seq, body FROM event WHERE host IN (SELECT value FROM json_each(?)) AND time BETWEEN ? AND ?
        ORDER BY time DESC, seq DESC LIMIT ?`;
      return open()
        .all<EventRow>(text, JSON.stringify(hosts), since, until, limit)
        .map(row => eventOf(row).event);
    },
    lastEventSeq: async () => lastPosition(open()),
    rejected: async limit => open().all('SELECT origin, at, reason, raw FROM rejected ORDER BY id DESC LIMIT ?', limit),
    cursor: async source => {
      const row = open().get<{ value: string }>('SELECT value FROM cursor WHERE source = ?', source);
      return row && read(row.value);
    },
    pause: async () => pauseOf(open()),
    version: async version => {
      const row = open().get<{ compiled: string }>('SELECT compiled FROM version WHERE version = ?', version);
      return row && read(row.compiled);
    },
    token: async hash => open().get<{ name: string }>('SELECT name FROM token WHERE hash = ?', hash)?.name,
    tokens: async () => open().all('SELECT name, at FROM token ORDER BY id DESC'),
    budget: async (rule, window) => granted(open(), rule, clock.now() - window),
    counts: async () => counts(open()),
    audit: async limit =>
      open()
        .all<AuditRow>('SELECT by, did, about, at FROM audit ORDER BY id DESC LIMIT ?', limit)
        .map(row => ({ kind: 'audit', ...row, about: read(row.about) })),
    listed: async (space, list, entries) => listed(open(), { space, list, entries }, clock.now()),
    list: async (space, list, limit) => listOf(open(), { space, list, limit }, clock.now()),
    remembered: async (space, playbook, name) => remembered(open(), { space, playbook, name }, clock.now()),
    tally: async (space, playbook, name, window) =>
      tally(open(), { space, playbook, name }, { window, now: clock.now() }),
    notes: async (incident, limit) => notesOf(open(), incident, limit),
  };
}

interface EventRow {
  readonly seq: number;
  readonly body: string;
}

interface AuditRow {
  readonly by: string;
  readonly did: string;
  readonly about: string;
  readonly at: Instant;
}

function eventOf({ seq, body }: EventRow): { readonly seq: number; readonly event: Event } {
  return { seq, event: read<Event>(body) };
}
