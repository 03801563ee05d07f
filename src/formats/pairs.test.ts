import { expect, test } from 'vitest';
import { parseLine } from './formats.ts';

function read(line: string): unknown {
  const { format, fields, text, problems } = parseLine(line);
  return [format, Object.fromEntries(fields), text, problems.map(({ kind }) => kind)];
}

test("the lines of Carbon Black's own templates are read by their keys", () => {
  const line =
    "<warning> reason=watchlist.hit type=event process_guid=00000001-0000-0f24-01d1-20d9b5cb25d5 segment_id=1 host='PC 7' " +
    "sensor_id=1 watchlist_name='It's new' timestamp='2015-11-17 01:46:00' process_path='c:\\program files\\new\\x.exe' group=''";
  expect(read(line)).toEqual([
    'pairs',
    {
      reason: 'watchlist.hit',
      type: 'event',
      process_guid: '00000001-0000-0f24-01d1-20d9b5cb25d5',
      segment_id: '1',
      host: 'PC 7',
      sensor_id: '1',
      watchlist_name: "It's new",
      timestamp: '2015-11-17 01:46:00',
      process_path: String.raw`c:\program files\new\x.exe`,
      group: '',
    },
    '',
    ['stray-quote'],
  ]);
});

test.each([
  [
    'behind a program',
    'Nov 23 21:58:05 cb cb-notifications-hits[12]: reason=feed.ingress.hit host=pc7',
    { reason: 'feed.ingress.hit', host: 'pc7' },
  ],
  ['without a header', 'reason=feed.storage.hit host=pc7', { reason: 'feed.storage.hit', host: 'pc7' }],
  ['with blanks in bare values', 'a=b c d e=f', { a: 'b c d', e: 'f' }],
  ['with = in bare values', 'url=http://h/?x=1 e=f', { url: 'http://h/?x=1', e: 'f' }],
  ['with = and quotes in quoted values', `a="b=c 'd'" e='f "g" h=1'`, { a: "b=c 'd'", e: 'f "g" h=1' }],
  ['with empty values', `a= b='' c=""`, { a: '', b: '', c: '' }],
  ['with hyphens in keys', 'session-id=7 mw-info=x', { 'session-id': '7', 'mw-info': 'x' }],
  ['with one pair in another', 'a=b=c', { a: 'b=c' }],
])('pairs %s', (_, line, expected) => {
  expect(read(line)).toEqual(['pairs', expected, '', []]);
});

test('what stands behind a closing quote is kept', () => {
  expect(read('a="1"loose b=2')).toEqual(['pairs', { a: '1', b: '2' }, 'loose', ['stray-text']]);
});

test('a quote without an end holds the rest', () => {
  expect(read("a='1 b=2")).toEqual(['pairs', { a: '1 b=2' }, '', ['unterminated']]);
});

test('a repeated key has its last value, and all are kept', () => {
  const line = parseLine("ip='10.0.0.1' ip='10.0.0.2'");
  expect(line.fields.get('ip')).toBe('10.0.0.2');
  expect(line.repeated.get('ip')).toEqual(['10.0.0.1', '10.0.0.2']);
});

test.each([['a sentence with = in it'], ['1=2'], ['='], ['{"json": "a=b"}']])('%j is text', line => {
  expect(read(line)).toEqual(['text', {}, line, []]);
});
