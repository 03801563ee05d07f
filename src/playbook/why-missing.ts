import type { Catalogue } from '../action/connector.ts';
import type { Step } from './playbook.ts';

/** Why the output of a step that was reached may not be there; undefined when it is, or the run has ended. */
export function whyMissing(step: Step, catalogue: Catalogue): string | undefined {
  if (step.kind === 'do' && step.approve !== undefined)
    return `its approval (line ${step.approve.span.start.line}) can be denied`;
  if (step.kind === 'ask') return 'nobody may answer it in time';
  if (step.kind === 'wait' && step.wait.kind === 'event') return 'the event may not come in time';
  const effect = step.kind === 'do' ? catalogue.actions.get(step.do)?.effect : undefined;
  if (effect === 'reversible' || effect === 'irreversible') return 'a guardrail can refuse it';
  return step.onError.kind === 'fail' ? undefined : 'it can fail, and the run goes on';
}
