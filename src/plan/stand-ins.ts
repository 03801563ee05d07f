import { didYouMean } from '../base/did-you-mean.ts';
import type { Compiled } from '../machine/compiled.ts';
import { stepsOf } from '../machine/steps.ts';
import type { PlanRequest } from './plan.ts';
import { stepIn } from './planner.ts';

/**
 * Why something cannot stand in for a product or a person: it is about a step, or an answer, that the playbook does not
 * have. Left alone, a slip of the pen would give the plan of something else.
 */
export function misplaced({ installed, reads, answers }: PlanRequest): string | undefined {
  const { compiled } = installed;
  for (const command of reads.assumed.keys()) {
    const problem = misplacedAssumption(stepIn(command), compiled);
    if (problem !== undefined) return `--assume: ${problem}`;
  }
  for (const [step, answer] of Object.entries(answers)) {
    const problem = misplacedAnswer(step, answer, compiled);
    if (problem !== undefined) return `--answer: ${problem}`;
  }
  return undefined;
}

function misplacedAssumption(id: string, compiled: Compiled): string | undefined {
  const steps = stepsOf(compiled);
  const found = steps.get(id);
  if (found === undefined) return `there is no step "${id}"${didYouMean(id, steps.keys())}`;
  return found.kind === 'do' ? undefined : `${id} calls no action`;
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
