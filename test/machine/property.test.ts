import fc from 'fast-check';
import { describe, test } from 'vitest';
import { PLAYBOOKS } from './playbooks.ts';
import { expectPromises } from './random-run.ts';

/* Random runs of every playbook here: a tape of numbers decides; when it is over all goes well until the run has ended. */

describe.each(PLAYBOOKS)('every run of $name', ({ compiled }) => {
  test('keeps what a machine promises', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 60 }), tape => expectPromises(compiled, tape)),
      { numRuns: 60 },
    );
  });
});
