import { expect, test } from 'vitest';
import { columns } from './columns.ts';

test('columns stand below each other by what a terminal shows: wide characters count twice, colours not at all', () => {
  expect(
    columns([
      ['経理', 'a', 'x'],
      ['host', '\u001B[32mbcd\u001B[39m', 'y'],
      ['e\u0301', '', 'z'],
    ]),
  ).toEqual(['経理  a    x', 'host  \u001B[32mbcd\u001B[39m  y', 'e\u0301          z']);
});
