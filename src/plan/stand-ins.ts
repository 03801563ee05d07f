import { didYouMean } from '../base/did-you-mean.ts';
import type { JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { Compiled } from '../machine/compiled.ts';
import { fillInTexts } from '../machine/form.ts';
import { stepsOf } from '../machine/steps.ts';
import type { PlanRequest } from './plan.ts';
import { stepIn } from './planner.ts';

/**
 * Why something cannot stand in for a product or a person: it is about a step, or an answer, that the playbook does not
 * have. Left alone, a slip of the pen would give the plan of something else.
 */
export function misplaced({ installed, reads, answers, fields }: PlanRequest): string | undefined {
  const { compiled } = installed;
  for (const [command, fields] of reads.assumed) {
    const problem = misplacedAssumption(stepIn(command), fields, compiled);
    if (problem !== undefined) return `--assume: ${problem}`;
  }
  for (const [step, answer] of Object.entries(answers)) {
    const problem = misplacedAnswer(step, answer, compiled);
    if (problem !== undefined) return `--answer: ${problem}`;
  }
  for (const step of new Set([...Object.keys(answers), ...Object.keys(fields)])) {
    const problem = misplacedFields(step, answers, fields[step] ?? {}, compiled);
    if (problem !== undefined) return `--answer: ${problem}`;
  }
  return undefined;
}

function misplacedAssumption(id: string, fields: JsonObject, compiled: Compiled): string | undefined {
  const steps = stepsOf(compiled);
  const found = steps.get(id);
  if (found === undefined) return `there is no step "${id}"${didYouMean(id, steps.keys())}`;
  if (found.kind !== 'do') return `${id} calls no action`;
  return strayField(fields, compiled.actions[found.do]?.output, found.do);
}

/** A field that the action does not answer. Where its schema ends, anything goes. */
function strayField(fields: JsonObject, schema: JsonSchema | undefined, action: string): string | undefined {
  const { properties } = schema ?? {};
  if (properties === undefined) return undefined;
  for (const [name, value] of Object.entries(fields)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known === undefined) {
      const suggestion = didYouMean(name, Object.keys(properties)) || `; it has ${Object.keys(properties).join(', ')}`;
      return `the answer of ${action} has no field "${name}"${suggestion}`;
    }
    const inner = isObject(value) ? strayField(value, known, action) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function misplacedAnswer(id: string, answer: string, compiled: Compiled): string | undefined {
  const asks = [...stepsOf(compiled).values()].filter(step => step.kind === 'ask');
  const ids = asks.map(step => step.id);
  const found = asks.find(step => step.id === id);
  if (found === undefined) return `no step "${id}" asks anything${didYouMean(id, ids)}`;
  const choices = found.answers.map(choice => choice.id);
  if (choices.includes(answer)) return undefined;
  return `"${answer}" is no answer to ${id}; its answers are ${choices.join(', ')}`;
}

function misplacedFields(
  id: string,
  answers: PlanRequest['answers'],
  texts: { readonly [field: string]: string },
  compiled: Compiled,
): string | undefined {
  const found = stepsOf(compiled).get(id);
  if (found?.kind !== 'ask') return `no step "${id}" asks anything`;
  if (!Object.hasOwn(answers, id)) return `${id} is filled in and not answered`;
  const form = (found.form ?? []).map(field => ({ ...field, label: field.label.text }));
  const filled = fillInTexts(form, texts);
  return 'problems' in filled ? `${id}: ${filled.problems.join('; ')} (${id}.<field>=<value>)` : undefined;
}
