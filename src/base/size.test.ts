import { expect, test } from 'vitest';
import { parseSize } from './size.ts';

test.each([
  ['1KiB', 1_024],
  ['32MiB', 33_554_432],
  ['10GiB', 10_737_418_240],
])('%s is a size', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(['', 'MiB', '0MiB', '01MiB', '1.5MiB', '-1MiB', '32MB', '32', '32 MiB', '1000000GiB'])('%s is none', text => {
  expect(parseSize(text)).toBeUndefined();
});
