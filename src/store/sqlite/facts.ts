import type { Instant } from '../../base/clock.ts';
import type { Fact } from '../../engine/ports.ts';
import type { Sql } from './sql.ts';
import { write } from './sql.ts';

/** Runs inside a transaction. */
export function note(sql: Sql, fact: Fact): void {
  switch (fact.kind) {
    case 'paused': {
      const text = 'INSERT OR REPLACE INTO pause (id, by, because, at) VALUES (1, ?, ?, ?)';
      sql.run(text, fact.by, fact.because, fact.at);
      return;
    }
    case 'resumed':
      sql.run('DELETE FROM pause');
      return;
    case 'version': {
      // Replaced, not kept, so that what is noted last is the newest of its playbook.
      const text = 'INSERT OR REPLACE INTO version (version, playbook, compiled) VALUES (?, ?, ?)';
      sql.run(text, fact.version, fact.playbook, write(fact.compiled));
      return;
    }
    case 'audit': {
      const text = 'INSERT INTO audit (by, did, about, at) VALUES (?, ?, ?, ?)';
      sql.run(text, fact.by, fact.did, write(fact.about), fact.at);
      return;
    }
    case 'token':
      sql.run('INSERT OR REPLACE INTO token (name, hash, at) VALUES (?, ?, ?)', fact.name, fact.hash, fact.at);
      return;
    case 'token-revoked':
      sql.run('DELETE FROM token WHERE name = ?', fact.name);
  }
}

export function pauseOf(sql: Sql): { by: string; because: string; at: Instant } | undefined {
  return sql.get('SELECT by, because, at FROM pause');
}
