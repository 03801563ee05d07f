import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import type { Placement } from '../surroundings.ts';
import type { Check } from './check.ts';

/** Enrich finds out; what follows from it is for the verdict to say, and for respond to do (LANGUAGE 7). */
export const notInEnrich: Check = {
  code: 'not-in-enrich',
  *run(context) {
    for (const place of context.placements) if (place.around.section === 'enrich') yield* inEnrich(place, context);
  },
};

const HINT = 'look it up here, judge it in `verdict`, and act on it in `respond`';

function* inEnrich({ step }: Placement, { nodeOf, keySpanOf }: CheckContext): Generator<Finding> {
  switch (step.kind) {
    case 'parallel':
    case 'choose':
    case 'emit':
    case 'undo':
    case 'stop':
      yield { message: `\`${step.kind}\` is not possible in enrich`, span: keySpanOf(step, step.kind), hint: HINT };
      break;
    case 'ask':
      for (const { id, then } of step.answers) {
        if (then.length === 0) continue;
        const message = 'in enrich nothing follows an answer: it is evidence';
        yield { message, span: keySpanOf(step, 'answers', id, 'then'), hint: HINT };
      }
      break;
    case 'wait':
    case 'do':
    case 'call':
    case 'for_each':
  }
  const isPatient = step.kind === 'ask' || step.kind === 'wait';
  if (isPatient && nodeOf(step).has('otherwise')) {
    const message = 'in enrich nothing follows where nobody answered, or nothing came: it is missing evidence';
    yield { message, span: keySpanOf(step, 'otherwise'), hint: HINT };
  }
  if (step.onError.kind === 'steps' && !('after' in step)) {
    const message = 'in enrich nothing follows a failure: it is missing evidence';
    yield {
      message,
      span: keySpanOf(step, 'on_error'),
      hint: 'fail and continue are possible: whether the round goes on',
    };
  }
}
