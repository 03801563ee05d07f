import { didYouMean } from '../../base/did-you-mean.ts';
import type { CheckContext } from '../context.ts';
import { fieldAt } from '../event-types.ts';
import type { Finding } from '../finding.ts';
import type { CorrelateTrigger } from '../playbook.ts';
import { resolveDuration } from '../resolve.ts';
import type { Check } from './check.ts';

/** As long as the store keeps events at least. */
const LONGEST = 29 * 86_400_000;

export const badCorrelation: Check = {
  code: 'bad-correlation',
  *run(context) {
    for (const trigger of context.playbook.triggers) {
      if (trigger.kind !== 'correlate') continue;
      yield* names(trigger);
      yield* fields(trigger, context);
      yield* conditions(trigger, context);
    }
  },
};

function* names({ events, each }: CorrelateTrigger): Generator<Finding> {
  const known = events.map(({ name }) => name);
  for (const [index, { name, nameSpan }] of events.entries()) {
    if (known.indexOf(name) < index) yield { message: `two of the events are called "${name}"`, span: nameSpan };
  }
  for (const { of, span } of each) {
    if (known.includes(of)) continue;
    yield { message: `none of the events is called "${of}"${didYouMean(of, known)}`, span };
  }
}

/** A field of `by` is one of all the events, a field of `distinct` one of any. */
function* fields({ events, by, distinct }: CorrelateTrigger, { catalogue }: CheckContext): Generator<Finding> {
  const types = [...new Set(events.map(({ event }) => event))].flatMap(type => catalogue.eventTypes.get(type) ?? []);
  for (const { text, span } of by) {
    const lacking = types.find(type => fieldAt(type.schema, text.split('.')) === undefined);
    if (lacking === undefined) continue;
    yield {
      message: `${lacking.name} has no field "${text}", so none of its events would be correlated`,
      span,
      ...(text.startsWith('event.') ? { hint: 'the name of a field has no `event.` before it' } : {}),
    };
  }
  for (const { of, span } of distinct) {
    if (types.length === 0 || types.some(type => fieldAt(type.schema, of.split('.')) !== undefined)) continue;
    yield { message: `none of the events has a field "${of}"`, span };
  }
}

function* conditions(trigger: CorrelateTrigger, context: CheckContext): Generator<Finding> {
  const { events, count, each, distinct, ordered, within, span } = trigger;
  if (count === undefined && each.length === 0 && distinct.length === 0 && !ordered) {
    yield {
      message: 'nothing says when these events are enough',
      span,
      hint: 'add at least one of  count, each, distinct, ordered',
    };
  }
  if (ordered && events.length === 1)
    yield { message: '`ordered` needs events of two names: one comes before the other', span };
  const length = resolveDuration(within, context);
  if (length !== undefined && length > LONGEST)
    yield { message: 'events are correlated within at most 29d', span: within.span };
}
