import type { Callable } from '../../action/connector.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import { describeInputs } from '../describe-inputs.ts';
import { isOptional } from '../optional.ts';
import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import { inputName, inputTexts, misfits } from '../misfits.ts';
import { pointerOf } from '../path.ts';
import type { CallStep } from '../playbook.ts';
import type { Check } from './check.ts';

/** Said where the project's other playbooks are known. */
export const wrongCall: Check = {
  code: 'wrong-call',
  *run(context) {
    const { callables } = context.catalogue;
    for (const { step } of context.placements) {
      if (step.kind !== 'call' || callables === undefined) continue;
      const callable = callables.get(step.call);
      if (callable !== undefined) yield* wrongInputs(step, callable, context);
      else {
        const names = [...callables.keys()];
        yield {
          message: `no playbook "${step.call}" can be called${didYouMean(step.call, names)}`,
          span: context.spanOf(step, 'call'),
          hint: names.length === 0 ? 'one that can has the trigger  { call: true }' : `playbooks: ${names.join(', ')}`,
        };
      }
    }
  },
};

function* wrongInputs(step: CallStep, { inputs }: Callable, context: CheckContext): Generator<Finding> {
  const { properties = {}, required = [] } = inputs;
  const texts = inputTexts(step, context.expressions);
  for (const [name, value] of Object.entries(step.with)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (schema === undefined) {
      const message = `unknown input "${name}" of ${step.call}${didYouMean(name, Object.keys(properties))}`;
      yield { message, span: context.keySpanOf(step, 'with', name), hint: describeInputs(inputs) };
      continue;
    }
    for (const { path, message } of misfits(value, schema, [name], texts)) {
      const span = step.withSpans[pointerOf(path)] ?? context.spanOf(step, 'with', ...path);
      yield { message: `${inputName(path)} of ${step.call} ${message}`, span };
    }
  }
  for (const name of required) {
    if (Object.hasOwn(step.with, name) && !isOptional(step.with[name])) continue;
    yield {
      message: `${step.call} needs the input "${name}"`,
      span: context.spanOf(step, 'call'),
      hint: describeInputs(inputs),
    };
  }
}
