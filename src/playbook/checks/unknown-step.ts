import { didYouMean } from '../../base/did-you-mean.ts';
import type { Check } from './check.ts';

export const unknownStep: Check = {
  code: 'unknown-step',
  *run({ playbook, placements, lost, nodeOf }) {
    const entries = [...playbook.enrich.map(({ id }) => id), ...lost];
    for (const entry of playbook.enrich) {
      for (const node of nodeOf(entry).get('after')?.texts() ?? []) {
        const id = node.text() ?? '';
        if (!entries.includes(id))
          yield { message: `no enrichment "${id}"${didYouMean(id, entries)}`, span: node.span };
      }
    }
    const responding = placements.filter(({ around }) => around.section !== 'enrich');
    const steps = [...responding.map(({ step }) => step.id), ...lost];
    for (const { step } of placements) {
      if (step.kind !== 'undo' || step.undo.kind === 'run') continue;
      for (const node of nodeOf(step).get('undo')?.texts() ?? []) {
        const id = node.text() ?? '';
        if (!steps.includes(id))
          yield { message: `no step "${id}" to undo${didYouMean(id, [...steps, 'run'])}`, span: node.span };
      }
    }
  },
};
