import { describe, expect, test } from 'vitest';
import type { OpenStore } from './kit.ts';
import { benchFor, START, versionId } from './kit.ts';

export function describeFacts(open: OpenStore): void {
  describe('facts that belong to no run', () => {
    const bench = benchFor(open);

    test('a pause says who and why until it is over; a second one takes its place', async () => {
      const { store } = bench;
      expect(await store.query.pause()).toBeUndefined();
      await store.note([{ kind: 'paused', by: 'kim', because: 'drill', at: START }]);
      await store.note([{ kind: 'paused', by: 'lee', because: 'real', at: START + 1 }]);
      expect(await store.query.pause()).toEqual({ by: 'lee', because: 'real', at: START + 1 });
      await store.note([{ kind: 'resumed', by: 'lee', at: START + 2 }]);
      expect(await store.query.pause()).toBeUndefined();
    });

    test('a compiled playbook is found by its version', async () => {
      const { store } = bench;
      await store.note([
        { kind: 'version', playbook: 'block-host', version: versionId('v1'), compiled: { steps: [1] } },
      ]);
      expect(await store.query.version(versionId('v1'))).toEqual({ steps: [1] });
      expect(await store.query.version(versionId('v2'))).toBeUndefined();
      await store.note([
        { kind: 'version', playbook: 'block-host', version: versionId('v1'), compiled: { steps: [1] } },
      ]);
      expect(await store.query.version(versionId('v1'))).toEqual({ steps: [1] });
    });

    test('a token is known by its hash until it is revoked or replaced', async () => {
      const { store } = bench;
      await store.note([
        { kind: 'token', name: 'ci', hash: 'h1', at: START },
        { kind: 'token', name: 'console', hash: 'h2', at: START + 1 },
        { kind: 'token', name: 'ci', hash: 'h3', at: START + 2 },
      ]);
      expect(await store.query.token('h1')).toBeUndefined();
      expect(await store.query.token('h2')).toBe('console');
      expect(await store.query.token('h3')).toBe('ci');
      expect(await store.query.tokens()).toEqual([
        { name: 'ci', at: START + 2 },
        { name: 'console', at: START + 1 },
      ]);
      await store.note([{ kind: 'token-revoked', name: 'ci', at: START + 3 }]);
      expect(await store.query.token('h3')).toBeUndefined();
      expect(await store.query.tokens()).toEqual([{ name: 'console', at: START + 1 }]);
    });

    test('the audit is newest first', async () => {
      const { store } = bench;
      const entries = [1, 2, 3].map(
        n => ({ kind: 'audit', by: 'kim', did: 'pause', about: { n }, at: START }) as const,
      );
      await store.note(entries);
      expect(await store.query.audit(2)).toEqual([entries[2], entries[1]]);
    });
  });
}
