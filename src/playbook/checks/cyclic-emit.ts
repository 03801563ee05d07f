import { linksOf, wayBack } from '../links.ts';
import { isLocal } from '../local-events.ts';
import type { Check } from './check.ts';

/** A condition may end such a circle, so this is a warning; eight events end it in any case. */
export const cyclicEmit: Check = {
  code: 'cyclic-emit',
  *run({ playbook, placements, catalogue, spanOf }) {
    const { name } = playbook;
    const links = new Map(catalogue.links).set(name, linksOf(playbook));
    for (const { step } of placements) {
      if (step.kind !== 'emit' || !isLocal(step.emit)) continue;
      const way = wayBack(step.emit, name, links);
      if (way === undefined) continue;
      const through = way.length === 0 ? '' : `, through ${way.join(', ')}`;
      yield {
        message: `${step.emit} wakes this playbook again${through}`,
        span: spanOf(step, 'emit'),
        hint: 'let `match`, `if` or `once` of a trigger end it; after eight events it fails: too-many',
      };
    }
  },
};
