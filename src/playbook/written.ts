import type { Json } from '../base/json.ts';
import { isTemplate } from '../expr/expr.ts';
import type { Condition, EventWait, Step, Text } from './playbook.ts';

/** The conditions and values (CEL) of a step itself, without those of steps inside it. */
export function conditionsOf(step: Step): readonly Condition[] {
  const found: (Condition | undefined)[] = [step.if, ...eventWaitsOf(step).map(on => on.if)];
  if (step.kind === 'do') found.push(step.poll?.until, step.approve?.if);
  if (step.kind === 'for_each') found.push(step.list);
  if (step.kind === 'choose') found.push(...step.branches.map(branch => branch.if));
  return found.filter(condition => condition !== undefined);
}

/** The templates (Handlebars) of a step itself. */
export function templatesOf(step: Step): readonly string[] {
  const texts = [...textsOf(step).flatMap(text => (text === undefined ? [] : text.text)), ...matchValuesOf(step)];
  if (step.kind === 'do' || step.kind === 'emit' || step.kind === 'call') texts.push(...stringsIn(step.with));
  return texts.filter(isTemplate);
}

/** What it waits for: of a hold as well. */
export function eventWaitsOf(step: Step): readonly EventWait[] {
  if (step.kind === 'wait') return step.wait.kind === 'event' ? [step.wait.on] : [];
  return step.kind === 'do' ? (step.hold?.until ?? []) : [];
}

function textsOf(step: Step): readonly (Text | undefined)[] {
  switch (step.kind) {
    case 'do': {
      const { who = [], except = [], note } = step.approve ?? {};
      return [...who, ...except, note];
    }
    case 'ask':
      return [
        step.ask,
        ...step.who,
        ...step.except,
        ...[...step.answers, ...(step.form ?? [])].map(({ label }) => label),
      ];
    case 'wait':
      return step.wait.kind === 'until' ? [step.wait.until] : step.wait.kind === 'window' ? [step.wait.window] : [];
    case 'undo':
    case 'stop':
      return [step.because];
    case 'parallel':
    case 'for_each':
    case 'choose':
    case 'call':
    case 'emit':
      return [];
  }
}

function matchValuesOf(step: Step): string[] {
  return eventWaitsOf(step).flatMap(({ match }) =>
    (match?.any.flat() ?? []).flatMap(({ values }) => values.filter(value => typeof value === 'string')),
  );
}

function* stringsIn(value: Json): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* stringsIn(item as Json);
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) yield* stringsIn(item);
}
