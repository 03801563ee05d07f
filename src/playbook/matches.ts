import type { EventType } from '../event/event.ts';
import type { CheckContext } from './context.ts';
import type { EventWait, Trigger } from './playbook.ts';

export interface EventUse {
  /** What looks at events of this type. */
  readonly on: EventWait;
  /** Undefined when there is no such type. */
  readonly type: EventType | undefined;
  readonly by: 'trigger' | 'wait' | 'hold';
}

/** Every place that names an event type: triggers, waits, and what ends holds. */
export function* eventUses({ playbook, catalogue, placements }: CheckContext): Generator<EventUse> {
  const use = (on: EventWait, by: EventUse['by']) => ({ on, type: catalogue.eventTypes.get(on.event), by });
  for (const on of triggerWaits(playbook.triggers)) yield use(on, 'trigger');
  for (const { step } of placements) {
    if (step.kind === 'wait' && step.wait.kind === 'event') yield use(step.wait.on, 'wait');
    if (step.kind === 'do') for (const until of step.hold?.until ?? []) yield use(until, 'hold');
  }
}

/** What triggers look for in events, one by one. */
export function triggerWaits(triggers: readonly Trigger[]): readonly EventWait[] {
  return triggers.flatMap((trigger): readonly EventWait[] => {
    switch (trigger.kind) {
      case 'event':
        return [trigger];
      case 'correlate':
        return trigger.events;
      case 'sigma':
      case 'schedule':
      case 'manual':
      case 'call':
        return [];
    }
  });
}
