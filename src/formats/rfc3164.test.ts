import { expect, test } from 'vitest';
import { parseLine } from './formats.ts';

function read(line: string): unknown[] {
  const { headers, text } = parseLine(line);
  return [
    ...headers.map(({ facility, severity, time, host, app, process }) => ({
      facility,
      severity,
      time,
      host,
      app,
      process,
    })),
    text,
  ].map(part =>
    typeof part === 'string'
      ? part
      : Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)),
  );
}

test.each([
  [
    "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
    { facility: 4, severity: 2, time: 'Oct 11 22:14:15', host: 'mymachine', app: 'su' },
    "'su root' failed for lonvick on /dev/pts/8",
  ],
  ['Oct 11 22:14:15 h sshd[123]: text', { time: 'Oct 11 22:14:15', host: 'h', app: 'sshd', process: '123' }, 'text'],
  ['Oct 11 22:14:15 h sshd[123] text', { time: 'Oct 11 22:14:15', host: 'h', app: 'sshd', process: '123' }, 'text'],
  ['Oct  1 22:14:15 h text', { time: 'Oct  1 22:14:15', host: 'h' }, 'text'],
  ['Oct 1 22:14:15 h text', { time: 'Oct 1 22:14:15', host: 'h' }, 'text'],
  ['Oct 01 22:14:15.123 h text', { time: 'Oct 01 22:14:15.123', host: 'h' }, 'text'],
  ['Oct 11 2016 22:14:15: %ASA-6-1: text', { time: 'Oct 11 2016 22:14:15', app: '%ASA-6-1' }, 'text'],
  ['Oct 11 22:14:15 2016 h text', { time: 'Oct 11 22:14:15 2016', host: 'h' }, 'text'],
  ['Oct 11 22:14:15 UTC h text', { time: 'Oct 11 22:14:15 UTC', host: 'h' }, 'text'],
  ['<134> Oct 11 22:14:15 h text', { facility: 16, severity: 6, time: 'Oct 11 22:14:15', host: 'h' }, 'text'],
  ['Dec 17 08:04:45 RT_SYSTEM: text', { time: 'Dec 17 08:04:45', app: 'RT_SYSTEM' }, 'text'],
  ['Dec 17 08:04:45 fe80::1 app: text', { time: 'Dec 17 08:04:45', host: 'fe80::1', app: 'app' }, 'text'],
  ['2016-01-23 17:36:39.841+00 tap0 text', { time: '2016-01-23 17:36:39.841+00', host: 'tap0' }, 'text'],
  ['2015-07-25T10:49:35.408+03:00 srx app: t', { time: '2015-07-25T10:49:35.408+03:00', host: 'srx', app: 'app' }, 't'],
  ['2016-01-23T17:36:39Z - app: text', { time: '2016-01-23T17:36:39Z', app: 'app' }, 'text'],
  ['<13>app[7]: text', { facility: 1, severity: 5, app: 'app', process: '7' }, 'text'],
  ['<13>some text', { facility: 1, severity: 5 }, 'some text'],
  ['<warning> some text', { severity: 4 }, 'some text'],
])('%s', (line, header, text) => {
  expect(read(line)).toEqual([header, text]);
});

test.each([
  ['some text'],
  ['su: no time and no priority'],
  ['<html> is no priority'],
  ['<1'],
  ['Oct 32 22:14:15 h'],
  ['Oct 11 24:14:15 h'],
  ['Ooops 11 22:14:15 h'],
  ['2016-13-01 00:00:00 h'],
  ['Oct 11 22:14:15x'],
  [''],
])('there is no header in %j', line => {
  expect(read(line)).toEqual([line]);
});

test('a priority that cannot be is said to be wrong, and the line is read', () => {
  const line = parseLine('<999>Oct 11 22:14:15 h app: text');
  expect(line.headers[0]).toMatchObject({ facility: undefined, severity: undefined, host: 'h' });
  expect(line.problems).toEqual([{ kind: 'bad-priority' }]);
});

test('each relay may have put its header in front', () => {
  expect(read('Dec 6 16:52:22 10.0.0.9 Dec 06 16:51:38 tap0 CEF:0|A|B|1|s|n|5|')).toEqual([
    { time: 'Dec 6 16:52:22', host: '10.0.0.9' },
    { time: 'Dec 06 16:51:38', host: 'tap0' },
    '',
  ]);
  expect(read('<13>Dec 6 16:52:22 relay <134>1 2023-08-02T06:20:55Z h app - - - text')).toEqual([
    { facility: 1, severity: 5, time: 'Dec 6 16:52:22', host: 'relay' },
    { facility: 16, severity: 6, time: '2023-08-02T06:20:55Z', host: 'h', app: 'app' },
    'text',
  ]);
});

test('content that begins with a time is no second header behind a tag', () => {
  expect(read('Dec 6 16:52:22 h app: Dec 06 16:51:38 something happened')).toEqual([
    { time: 'Dec 6 16:52:22', host: 'h', app: 'app' },
    'Dec 06 16:51:38 something happened',
  ]);
});

test('line ends and a closing NUL are no part of a line', () => {
  expect(read('Oct 11 22:14:15 h text\r\n')).toEqual([{ time: 'Oct 11 22:14:15', host: 'h' }, 'text']);
  expect(parseLine('text\0').text).toBe('text');
});

test('a mark of byte order is passed over, at the beginning and before the message', () => {
  expect(read('<13>Oct 11 22:14:15 h app: \uFEFFtext')[1]).toBe('text');
  expect(read('\uFEFF<13>Oct 11 22:14:15 h text')).toEqual([
    { facility: 1, severity: 5, time: 'Oct 11 22:14:15', host: 'h' },
    'text',
  ]);
});
