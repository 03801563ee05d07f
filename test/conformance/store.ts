import { describe } from 'vitest';
import { describeClaims } from './store/claims.ts';
import { describeFacts } from './store/facts.ts';
import { describeGroups } from './store/groups.ts';
import { describeHosts } from './store/hosts.ts';
import { describeIntake } from './store/intake.ts';
import type { OpenStore } from './store/kit.ts';
import { describeKeeping } from './store/keeping.ts';
import { describeDurability, describeLife } from './store/life.ts';
import { describeLists } from './store/lists.ts';
import { describeTimeline } from './store/timeline.ts';
import { describeTurns } from './store/turns.ts';

/** The definition of the port `Store` (engine/ports.ts): every store passes it, and a store with a disk keeps what it told. */
export function describeStore(name: string, open: OpenStore, kept: 'in memory' | 'on disk'): void {
  describe(name, () => {
    describeIntake(open);
    describeTurns(open);
    describeClaims(open);
    describeLists(open);
    describeFacts(open);
    describeKeeping(open);
    describeGroups(open);
    describeHosts(open);
    describeTimeline(open);
    describeLife(open);
    if (kept === 'on disk') describeDurability(open);
  });
}
