import type { Catalogue } from '../action/connector.ts';
import type { EnrichStep, Step } from './playbook.ts';

/** Why the output of a step that was reached may not be there; undefined when it is, or the run has ended. */
export function whyMissing(step: Step, catalogue: Catalogue): string | undefined {
  if (step.kind === 'do' && step.approve !== undefined)
    return `its approval (line ${step.approve.span.start.line}) can be denied`;
  if (step.kind === 'call') return 'the called run can fail, or be cancelled';
  if (step.kind === 'ask') return 'nobody may answer it in time';
  if (step.kind === 'wait' && step.wait.kind === 'event') return 'the event may not come in time';
  const effect = step.kind === 'do' ? catalogue.actions.get(step.do)?.effect : undefined;
  if (effect === 'reversible' || effect === 'irreversible') return 'a guardrail can refuse it';
  return step.onError.kind === 'fail' ? undefined : 'it can fail, and the run goes on';
}

/** Why an enrichment may not be known. */
export function whyUnknown(entry: EnrichStep): string {
  switch (entry.kind) {
    case 'do':
      return 'the look-up can fail';
    case 'ask':
      return 'nobody may answer it in time';
    case 'wait':
      return entry.wait.kind === 'event' ? 'the event may not come in time' : 'the time may not come';
    case 'call':
      return 'the called run can fail';
    case 'for_each':
      return 'its list may not be known, or be too long';
  }
}
