import type { Instant } from '../../base/clock.ts';
import type { Host } from '../../event/identity.ts';
import { marksOfHost } from '../../event/identity.ts';
import type { HostGround } from '../hosts.ts';
import { forgottenAt } from '../hosts.ts';
import type { Sql } from './sql.ts';
import { read, write } from './sql.ts';

/** For use inside the transaction that accepts the event. */
export function hostGround(sql: Sql): HostGround {
  return {
    known: marks => knownHosts(sql, marks),
    count: () => countHosts(sql),
    put(host, was, forget) {
      for (const gone of was) if (gone.key !== host.key) drop(sql, gone);
      const had = was.find(({ key }) => key === host.key);
      const until = forgottenAt(host, forget);
      if (had === undefined) {
        const text = 'INSERT INTO host (key, until, body) VALUES (?, ?, ?)';
        return mark(sql, sql.insert(text, host.key, until, write(host)), marksOfHost(host));
      }
      // The index over "until" is left alone where it stays the same.
      if (until === forgottenAt(had, forget)) sql.run('UPDATE host SET body = ? WHERE key = ?', write(host), host.key);
      else sql.run('UPDATE host SET until = ?, body = ? WHERE key = ?', until, write(host), host.key);
      remark(sql, host, had);
    },
    leaveOut: count => void sql.run("UPDATE counter SET value = value + ? WHERE of = 'hosts left out'", count),
  };
}

export function knownHosts(sql: Sql, marks: readonly string[]): Host[] {
  const text = `SELECT body FROM host WHERE id IN
    (SELECT host FROM mark WHERE mark IN (SELECT value FROM json_each(?)))`;
  return sql.all<{ body: string }>(text, write(marks)).map(({ body }) => read<Host>(body));
}

export function countHosts(sql: Sql): number {
  return sql.get<{ value: number }>("SELECT value FROM counter WHERE of = 'hosts'")?.value ?? 0;
}

export function hostsAfter(sql: Sql, after: string, limit: number): Host[] {
  const text = 'SELECT body FROM host WHERE key > ? ORDER BY key LIMIT ?';
  return sql.all<{ body: string }>(text, after, limit).map(({ body }) => read<Host>(body));
}

/** Hosts that no event has named for too long. */
export function pruneHosts(sql: Sql, now: Instant, batch: number): void {
  const old = sql.all<{ body: string }>('SELECT body FROM host WHERE until < ? LIMIT ?', now, batch);
  for (const { body } of old) drop(sql, read<Host>(body));
  if (old.length > 0) sql.run("UPDATE counter SET value = value + ? WHERE of = 'hosts forgotten'", old.length);
}

function drop(sql: Sql, host: Host): void {
  unmark(sql, idOf(sql, host), marksOfHost(host));
  sql.run('DELETE FROM host WHERE key = ?', host.key);
}

function remark(sql: Sql, host: Host, had: Host): void {
  const [before, after] = [marksOfHost(had), marksOfHost(host)];
  const gone = before.filter(each => !after.includes(each));
  const fresh = after.filter(each => !before.includes(each));
  if (gone.length === 0 && fresh.length === 0) return;
  const id = idOf(sql, host);
  unmark(sql, id, gone);
  mark(sql, id, fresh);
}

function idOf(sql: Sql, { key }: Host): number {
  const id = sql.get<{ id: number }>('SELECT id FROM host WHERE key = ?', key)?.id;
  if (id === undefined) throw new Error(`the host ${key} that was just read or written is not there`);
  return id;
}

function mark(sql: Sql, host: number, marks: readonly string[]): void {
  for (const each of marks) sql.run('INSERT INTO mark (mark, host) VALUES (?, ?)', each, host);
}

function unmark(sql: Sql, host: number, marks: readonly string[]): void {
  for (const each of marks) sql.run('DELETE FROM mark WHERE mark = ? AND host = ?', each, host);
}
