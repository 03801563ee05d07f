import { expect, test } from 'vitest';
import { peopleOf } from './people.ts';

const people = peopleOf(
  () =>
    new Map([
      ['soc-lead', ['alice', 'bob']],
      ['night', ['bob']],
    ]),
);

test.each([
  ['alice', ['soc-lead'], [], true],
  ['alice', ['alice'], [], true],
  ['carol', ['soc-lead'], [], false],
  ['carol', ['soc-lead', 'carol'], [], true],
  ['bob', ['soc-lead'], ['bob'], false],
  ['bob', ['soc-lead'], ['night'], false],
  ['alice', ['soc-lead'], ['night'], true],
  ['alice', [], [], false],
] as const)('%s may answer what %j are asked, except %j: %s', (by, who, except, may) => {
  expect(people.mayAnswer(by, who, except)).toBe(may);
});
