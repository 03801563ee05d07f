import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_LINE } from '../../formats/formats.ts';
import { Framer } from './framer.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What comes out of these chunks; a frame that the end broke off has `…` behind it. */
function framesOf(...chunks: readonly string[]): string[] {
  const framer = new Framer();
  const frames = chunks.flatMap(chunk => framer.push(bytesOf(chunk)));
  return [...frames, ...framer.end()].map(({ bytes, isWhole }) => textOf(bytes) + (isWhole ? '' : '…'));
}

test.each([
  ['lines', ['<1>a\n<1>b\n'], ['<1>a', '<1>b']],
  ['a line in pieces', ['<1', '>a', '\n<1>b\n'], ['<1>a', '<1>b']],
  ['lines with the ends of Windows', ['<1>a\r\n<1>b\r\n'], ['<1>a\r', '<1>b\r']],
  ['empty lines', ['\n\r\n<1>a\n \n\n'], ['<1>a']],
  ['a line that the end breaks off', ['<1>a\n<1>b'], ['<1>a', '<1>b…']],
  ['counted messages', ['4 <1>a4 <1>b'], ['<1>a', '<1>b']],
  ['counted messages with line ends in them', ['8 <1>a\nb\n\n'], ['<1>a\nb\n\n']],
  ['counted messages and a line end behind each', ['4 <1>a\n4 <1>b\n'], ['<1>a', '<1>b']],
  ['a count in pieces', ['1', '2', ' ', '<1>', 'abcdefghi'], ['<1>abcdefghi']],
  ['bytes, not letters, are counted', ['5 <1>é'], ['<1>é']],
  ['a counted message that the end breaks off', ['9 <1>a'], ['<1>a…']],
  ['a count that the end breaks off', ['12'], ['12…']],
  ['counts and lines in turn', ['4 <1>a<1>b\n4 <1>c<1>d\n'], ['<1>a', '<1>b', '<1>c', '<1>d']],
  ['lines that begin with a number', ['2016-01-23 x\n7 dwarfs\n42\n'], ['2016-01-23 x', '7 dwarfs', '42']],
  ['a message without a priority, after counts', ['4 <1>a3 abc4 <1>b'], ['<1>a', 'abc', '<1>b']],
  ['a number that begins with nought', ['04 <1>a\n'], ['04 <1>a']],
  ['a number that is too long to be meant', ['99999999 <1>a\n'], ['99999999 <1>a']],
  ['a count that is too small', ['4 <1>abc\n4 <1>d'], ['<1>a', 'bc', '<1>d']],
  ['a count that is too great', ['9 <1>a4 <1>b<1>c\n'], ['<1>a4 <1>', 'b<1>c']],
])('%s', (_, chunks, frames) => {
  expect(framesOf(...chunks)).toEqual(frames);
});

test.each([
  ['a line', 'x'.repeat(MAX_LINE * 3) + '\n<1>next\n'],
  ['a counted message', `${MAX_LINE * 3} <${'x'.repeat(MAX_LINE * 3 - 1)}7 <1>next\n`],
])('%s that is too long is cut, a byte behind the limit, and the next one is whole', (_, stream) => {
  const frames = framesOf(stream.slice(0, 1_000), stream.slice(1_000));
  expect(frames.map(frame => frame.length)).toEqual([MAX_LINE + 1, 7]);
});

test('however a stream is cut, the same messages come out', () => {
  const message = fc
    .string({ unit: fc.constantFrom(...'ab1 <>\r é😀'), minLength: 1, maxLength: 20 })
    .map(text => `<1>${text}`);
  const framed = fc.record({ message, isCounted: fc.boolean() });
  fc.assert(
    fc.property(fc.array(framed, { maxLength: 8 }), fc.array(fc.nat(40), { maxLength: 20 }), (messages, cuts) => {
      const stream = bytesOf(
        messages
          .map(({ message, isCounted }) => (isCounted ? `${bytesOf(message).length} ${message}` : `${message}\n`))
          .join(''),
      );
      const framer = new Framer();
      const frames = chunksOf(stream, cuts).flatMap(chunk => framer.push(chunk));
      expect(frames.map(({ bytes }) => textOf(bytes))).toEqual(messages.map(({ message }) => message));
      expect(framer.end()).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test('no stream breaks it, and no byte of a stream of lines is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), chunks => {
      const framer = new Framer();
      const frames = [...chunks.flatMap(chunk => framer.push(chunk)), ...framer.end()];
      const length = frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
      expect(length).toBeLessThanOrEqual(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    }),
  );
});

function chunksOf(stream: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) {
    chunks.push(stream.subarray(at, at + length));
    at += length;
  }
  return [...chunks, stream.subarray(at)];
}
