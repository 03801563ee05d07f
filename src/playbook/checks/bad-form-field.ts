import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import type { AskStep, FormField } from '../playbook.ts';
import type { Check } from './check.ts';

export const badFormField: Check = {
  code: 'bad-form-field',
  *run(context) {
    for (const step of asks(context)) {
      for (const field of step.form ?? []) {
        yield* choices(field);
        yield* limits(field);
        if (field.type === 'text' && step.answers.some(({ people }) => people > 1)) {
          yield {
            severity: 'warning',
            message: 'several people must say the same here, and hardly ever write the same text',
            span: field.span,
            hint: 'what several must agree on is a `choice`, a `date`, a `number` or a `boolean`',
          };
        }
      }
    }
  },
};

function asks({ placements }: CheckContext): readonly AskStep[] {
  return placements.flatMap(({ step }) => (step.kind === 'ask' ? step : []));
}

function* choices({ id, type, options, span }: FormField): Generator<Finding> {
  if (type !== 'choice') {
    if (options !== undefined) yield { message: `only a \`choice\` has options, and "${id}" is a ${type}`, span };
    return;
  }
  if (options === undefined)
    yield { message: `nothing can be chosen for "${id}"`, span, hint: 'a `choice` needs `options`, a list of texts' };
  else if (new Set(options).size < options.length) yield { message: `an option of "${id}" is there twice`, span };
}

const LONGEST_TEXT = 10_000;

function* limits({ id, type, max, span }: FormField): Generator<Finding> {
  if (max === undefined || type === 'number') return;
  if (type !== 'text') yield { message: `\`max\` is for a \`text\` or a \`number\`, and "${id}" is a ${type}`, span };
  else if (!Number.isInteger(max) || max < 1 || max > LONGEST_TEXT)
    yield { message: `the text "${id}" can have 1 to ${LONGEST_TEXT} characters, not ${max}`, span };
}
