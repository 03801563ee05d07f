import { didYouMean } from '../../base/did-you-mean.ts';
import type { EventType } from '../../event/event.ts';
import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import { isLocal, LOCAL } from '../local-events.ts';
import { inputName, inputTexts, misfits } from '../misfits.ts';
import { pointerOf } from '../path.ts';
import type { EmitStep } from '../playbook.ts';
import type { Check } from './check.ts';

/** What an `emit` says of an event that it cannot be. */
export const wrongEvent: Check = {
  code: 'wrong-event',
  *run(context) {
    for (const { step } of context.placements) {
      if (step.kind !== 'emit') continue;
      const type = context.catalogue.eventTypes.get(step.emit);
      if (type === undefined || !isLocal(step.emit)) yield unknown(step, context);
      else yield* wrongFields(step, type, context);
    }
  },
};

function unknown(step: EmitStep, { catalogue, spanOf }: CheckContext): Finding {
  const span = spanOf(step, 'emit');
  const known = [...catalogue.eventTypes.keys()].filter(isLocal);
  const hint = known.length === 0 ? `events/<name>.yaml declares ${LOCAL}.<name>` : `events: ${known.join(', ')}`;
  if (!isLocal(step.emit))
    return { message: `only events of the project's own can be emitted, and "${step.emit}" is none`, span, hint };
  return { message: `no file declares the event "${step.emit}"${didYouMean(step.emit, known)}`, span, hint };
}

/** The engine's to say, but for the id and the time. */
const ENVELOPE = ['origin', 'type'];

function* wrongFields(step: EmitStep, { name: event, schema }: EventType, context: CheckContext): Generator<Finding> {
  const { properties = {}, required = [] } = schema;
  const texts = inputTexts(step, context.expressions);
  const fields = Object.keys(properties).filter(name => !ENVELOPE.includes(name));
  for (const [name, value] of Object.entries(step.with)) {
    const property = fields.includes(name) ? properties[name] : undefined;
    if (property === undefined) {
      const message = `${event} has no field "${name}"${didYouMean(name, fields)}`;
      yield { message, span: context.keySpanOf(step, 'with', name), hint: `its own: ${own(fields, schema)}` };
      continue;
    }
    for (const { path, message } of misfits(value, property, [name], texts)) {
      const span = step.withSpans[pointerOf(path)] ?? context.spanOf(step, 'with', ...path);
      yield { message: `${inputName(path)} of ${event} ${message}`, span };
    }
  }
  for (const name of required) {
    if (GIVEN.includes(name) || Object.hasOwn(step.with, name)) continue;
    yield { message: `every ${event} has a field "${name}"`, span: context.spanOf(step, 'emit') };
  }
}

const GIVEN = [...ENVELOPE, 'id', 'time'];

function own(fields: readonly string[], { required = [] }: EventType['schema']): string {
  return fields
    .map(name => `${name}${required.includes(name) && !GIVEN.includes(name) ? ' (required)' : ''}`)
    .join(', ');
}
