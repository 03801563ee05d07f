import { expect, test } from 'vitest';
import type { ColorChoice } from './painter.ts';
import { wantsColor } from './painter.ts';

test.each<[ColorChoice, { [name: string]: string }, boolean, boolean]>([
  ['auto', {}, true, true],
  ['auto', {}, false, false],
  ['auto', { NO_COLOR: '1' }, true, false],
  ['auto', { NO_COLOR: '' }, true, true],
  ['auto', { FORCE_COLOR: '1' }, false, true],
  ['auto', { FORCE_COLOR: '0' }, true, false],
  ['auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ['auto', { TERM: 'dumb' }, true, false],
  ['auto', { CI: 'true' }, false, false],
  ['always', { NO_COLOR: '1' }, false, true],
  ['never', { FORCE_COLOR: '1' }, true, false],
])('--color %s with %j on a terminal: %s gives %s', (choice, variables, isTerminal, isColoured) => {
  expect(wantsColor(choice, variables, isTerminal)).toBe(isColoured);
});
