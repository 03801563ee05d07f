import { didYouMean } from '../../base/did-you-mean.ts';
import { eventUses } from '../matches.ts';
import type { Check } from './check.ts';

export const unknownEventType: Check = {
  code: 'unknown-event-type',
  *run(context) {
    const names = [...context.catalogue.eventTypes.keys()];
    for (const { on, type } of eventUses(context)) {
      if (type !== undefined) continue;
      yield {
        message: `unknown event type "${on.event}"${didYouMean(on.event, names)}`,
        span: on.span,
        hint: `event types: ${names.join(', ')}`,
      };
    }
  },
};
