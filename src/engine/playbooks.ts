import { SCHEDULE_EVENT } from '../action/own.ts';
import type { JsonObject } from '../base/json.ts';
import type { Compiled } from '../machine/compiled.ts';
import type { TriggerEntry, TriggerIndex } from '../match/match.ts';
import { buildIndex } from '../match/match.ts';
import type { Mode } from '../playbook/playbook.ts';
import type { Correlated } from './correlations.ts';
import { correlationsOf } from './correlations.ts';
import type { Ruled } from './ruled.ts';
import { ruledOf } from './ruled.ts';
import { scheduleMatch } from './schedules.ts';

/** A playbook as this environment runs it. */
export interface Installed {
  readonly compiled: Compiled;
  /** The more careful of the file's and the environment's (LANGUAGE 9.3). */
  readonly mode: Mode;
  readonly params: JsonObject;
}

/** The playbooks that are awake, and what wakes which. Replaced as a whole when they are loaded again. */
export interface PlaybookSet {
  readonly byName: ReadonlyMap<string, Installed>;
  readonly index: TriggerIndex;
  /** By the id of the trigger. */
  readonly correlations: ReadonlyMap<string, Correlated>;
  /** By the id of the trigger. */
  readonly ruled: ReadonlyMap<string, Ruled>;
  /** Types of the events that are correlated by any; rules look at all. */
  readonly correlatedTypes: ReadonlySet<string> | 'all';
}

export function playbookSet(installed: readonly Installed[]): PlaybookSet {
  const awake = installed.filter(({ mode }) => mode !== 'paused');
  const correlations = awake.flatMap(correlationsOf);
  return {
    byName: new Map(installed.map(entry => [entry.compiled.playbook.name, entry])),
    index: buildIndex(awake.flatMap(triggersOf)),
    correlations: new Map(correlations.map(correlated => [correlated.id, correlated])),
    ruled: new Map(awake.flatMap(ruledOf).map(ruled => [ruled.id, ruled])),
    correlatedTypes: correlations.some(({ rule }) => rule !== undefined)
      ? 'all'
      : new Set(correlations.flatMap(({ entries }) => entries.map(({ event }) => event))),
  };
}

/**
 * `<playbook>#<position of the trigger>`; with `.<name>` for each event of a correlation, with `.<number>` for each
 * Sigma rule, with `/<number>.<name>` for each event of a Sigma correlation.
 */
export function triggersOf(installed: Installed): TriggerEntry[] {
  const { compiled, params } = installed;
  const { playbook } = compiled;
  const shared = {
    params,
    vars: Object.fromEntries(playbook.vars.map(({ id, value }) => [id, value])),
    lists: playbook.lists,
  };
  const correlated = correlationsOf(installed);
  return playbook.triggers.flatMap((trigger, index): TriggerEntry[] => {
    const id = `${playbook.name}#${index}`;
    switch (trigger.kind) {
      case 'event': {
        const { event, match, if: condition } = trigger;
        return [
          {
            id,
            event,
            ...(match === undefined ? {} : { match }),
            ...(condition === undefined ? {} : { if: condition }),
            ...shared,
          },
        ];
      }
      case 'schedule':
        return [{ id, event: SCHEDULE_EVENT, match: scheduleMatch(playbook.name, trigger, params), ...shared }];
      case 'sigma':
        return [
          ...trigger.rules.map((rule, number) => ({ id: `${id}.${number}`, event: '', rule, ...shared })),
          ...correlated.filter(found => found.id.startsWith(`${id}/`)).flatMap(found => entriesOf(found, shared)),
        ];
      case 'correlate':
        return correlated.filter(found => found.id === id).flatMap(found => entriesOf(found, shared));
      case 'manual':
      case 'call':
        return [];
    }
  });
}

function entriesOf({ id, entries }: Correlated, shared: Omit<TriggerEntry, 'id' | 'event'>): TriggerEntry[] {
  return entries.map(({ name, event, match, rule }) => ({
    id: `${id}.${name}`,
    event,
    ...(match === undefined ? {} : { match }),
    ...(rule === undefined ? {} : { rule }),
    ...shared,
  }));
}

export function playbookOf(trigger: string): string {
  return trigger.slice(0, trigger.lastIndexOf('#'));
}
