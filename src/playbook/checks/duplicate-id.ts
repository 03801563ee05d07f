import type { Span } from '../../base/span.ts';
import type { Check } from './check.ts';

export const duplicateId: Check = {
  code: 'duplicate-id',
  *run({ playbook, placements, nodeOf, spanOf }) {
    const first = new Map<string, Span>(playbook.enrich.map(entry => [entry.id, entry.span]));
    for (const { step, around } of placements) {
      const outer = step.kind === 'for_each' ? around.loops.find(({ loop }) => loop.as === step.as)?.loop : undefined;
      if (outer !== undefined)
        yield {
          message: `the items around are called "${outer.as}" too (line ${outer.span.start.line})`,
          span: spanOf(step, 'as'),
        };
      if (!nodeOf(step).has('id')) continue;
      const span = spanOf(step, 'id');
      const other = first.get(step.id);
      if (other === undefined) first.set(step.id, span);
      else {
        yield {
          message: `the id "${step.id}" is taken (line ${other.start.line})`,
          span,
          hint: 'ids are unique in the file, across enrich and all steps',
        };
      }
    }
  },
};
