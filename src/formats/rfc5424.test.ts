import { expect, test } from 'vitest';
import { parseLine } from './formats.ts';
import type { SyslogHeader } from './line.ts';

function headerOf(line: string): SyslogHeader | undefined {
  return parseLine(line).headers[0];
}

function elementsOf(line: string): unknown {
  return headerOf(line)?.structured.map(({ id, fields }) => [id, Object.fromEntries(fields)]);
}

function kinds(line: string): string[] {
  return parseLine(line).problems.map(({ kind }) => kind);
}

test('a whole header is taken apart (RFC 5424, 6.5, example 3)', () => {
  const line =
    '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 ' +
    '[exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"] \uFEFFAn application event log entry...';
  expect(headerOf(line)).toMatchObject({
    facility: 20,
    severity: 5,
    time: '2003-10-11T22:14:15.003Z',
    host: 'mymachine.example.com',
    app: 'evntslog',
    process: undefined,
    message: 'ID47',
  });
  expect(elementsOf(line)).toEqual([['exampleSDID@32473', { iut: '3', eventSource: 'Application', eventID: '1011' }]]);
  expect(parseLine(line)).toMatchObject({ format: 'text', text: 'An application event log entry...', problems: [] });
});

test('what is nil is not there (RFC 5424, 6.2)', () => {
  expect(headerOf('<0>1 - - - - - -')).toEqual({
    facility: 0,
    severity: 0,
    time: undefined,
    host: undefined,
    app: undefined,
    process: undefined,
    message: undefined,
    structured: [],
  });
  expect(parseLine('<0>1 - - - - - -').text).toBe('');
});

test('several elements stand side by side, and may be empty (RFC 5424, 6.3.5)', () => {
  expect(elementsOf('<165>1 2003-10-11T22:14:15.003Z h a - ID47 [one@1 a="1"][two@2][three@3 b=""]')).toEqual([
    ['one@1', { a: '1' }],
    ['two@2', {}],
    ['three@3', { b: '' }],
  ]);
});

test('a blank between two elements begins the message (RFC 5424, 6.3.5)', () => {
  const line = '<165>1 2003-10-11T22:14:15.003Z h a - ID47 [one@1 a="1"] [two@2 b="2"]';
  expect(elementsOf(line)).toEqual([['one@1', { a: '1' }]]);
  expect(parseLine(line).text).toBe('[two@2 b="2"]');
});

test('quotes, brackets and backslashes are escaped, and a backslash before anything else is itself (RFC 5424, 6.3.3)', () => {
  expect(elementsOf(String.raw`<1>1 - - - - - [x@1 a="\"b\" \] \\ \n c:\dir"]`)).toEqual([
    ['x@1', { a: String.raw`"b" ] \ \n c:\dir` }],
  ]);
});

test('a quote that was not escaped stays in its value', () => {
  const line = '<1>1 - - - - - [x@1 a="say "hello" now" b="2"]';
  expect(elementsOf(line)).toEqual([['x@1', { a: 'say "hello' }]]);
  expect(elementsOf('<1>1 - - - - - [x@1 a="5"3 inch" b="2"]')).toEqual([['x@1', { a: '5"3 inch', b: '2' }]]);
  expect(kinds('<1>1 - - - - - [x@1 a="5"3 inch" b="2"]')).toEqual(['stray-quote']);
});

test('names may touch the value before them', () => {
  expect(elementsOf('<1>1 - - - - - [x@1 a="1"b="2"]')).toEqual([['x@1', { a: '1', b: '2' }]]);
});

test('structured data that a relay cut are read as far as they go', () => {
  expect(elementsOf('<1>1 - - - - - [x@1 a="1" b="2')).toEqual([['x@1', { a: '1', b: '2' }]]);
  expect(kinds('<1>1 - - - - - [x@1 a="1" b="2')).toEqual(['unterminated', 'unterminated']);
});

test('a name that comes twice has its last value, and both are kept', () => {
  const line = parseLine('<1>1 - - - - - [x@1 ip="10.0.0.1" ip="10.0.0.2"]');
  expect(line.headers[0]?.structured[0]?.fields.get('ip')).toBe('10.0.0.2');
  expect(line.headers[0]?.structured[0]?.repeated.get('ip')).toEqual(['10.0.0.1', '10.0.0.2']);
});

test.each([
  ['2023-08-02T06:20:55.496Z', '2023-08-02T06:20:55.496Z'],
  ['2023-08-02T06:20:55Z', '2023-08-02T06:20:55Z'],
  ['2010-09-30T14:55:04.323+08:00', '2010-09-30T14:55:04.323+08:00'],
  ['2023-08-02T06:20:55.496 +08:00', '2023-08-02T06:20:55.496 +08:00'],
  ['2013-01-19T15:18:17.040', '2013-01-19T15:18:17.040'],
])('the time %s of an SRX is one', (written, time) => {
  expect(headerOf(`<14>1 ${written} SRX100 RT_FLOW - TAG [junos@2636.1.1.1.2.35 a="1"]`)).toMatchObject({
    time,
    host: 'SRX100',
    app: 'RT_FLOW',
  });
});

test('a host that was left out is missed, and nothing else', () => {
  const line = '<14>1 2023-08-02T06:20:55.496Z RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.35 a="1"]';
  expect(headerOf(line)).toMatchObject({ host: undefined, app: 'RT_FLOW', message: 'RT_FLOW_SESSION_DENY' });
  expect(kinds(line)).toEqual(['no-host']);
});

test('a header that only begins as RFC 5424 has it is read as an older one, and said to be', () => {
  const line = '<165>1 2007-02-15T09:17:15.719Z tfeb0 PFE_FW_SYSLOG_ETH_IP: FW: xe-0/0/3.0';
  expect(headerOf(line)).toMatchObject({
    host: 'tfeb0',
    app: 'PFE_FW_SYSLOG_ETH_IP',
    time: '2007-02-15T09:17:15.719Z',
  });
  expect(kinds(line)).toEqual(['not-rfc5424']);
});

test('a body begins behind the structured data', () => {
  expect(
    parseLine('<134>1 2023-08-02T06:20:55Z h a - - [meta sequenceId="1"] CEF:0|V|P|1|s|n|5|src=10.0.0.1'),
  ).toMatchObject({
    format: 'cef',
    problems: [],
  });
});
