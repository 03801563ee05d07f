import fc from 'fast-check';
import { describe, test } from 'vitest';
import { expectBothWaysAgree, machinesOf } from './both-ways.ts';
import { PLAYBOOKS } from './playbooks.ts';

/*
 * XState is called in a way of our own, three times as fast as the one it exports. On random walks through every machine
 * both must agree on where it stands, what it remembers and what it asks for, in order.
 */

const MACHINES = PLAYBOOKS.flatMap(({ name, compiled }) =>
  machinesOf(compiled).map(loop => ({ name: loop === undefined ? name : `${name}/${loop}`, compiled, loop })),
);

describe.each(MACHINES)('both ways through $name', ({ compiled, loop }) => {
  test('agree on value, memory and what is asked', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), tape => expectBothWaysAgree(compiled, loop, tape)),
      { numRuns: 40 },
    );
  });
});
