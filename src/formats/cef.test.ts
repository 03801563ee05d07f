import { describe, expect, test } from 'vitest';
import type { CefLine } from './formats.ts';
import { MAX_FIELDS, parseLine } from './formats.ts';

function cef(line: string): CefLine {
  const parsed = parseLine(line);
  if (parsed.format !== 'cef') throw new Error(`it was read as ${parsed.format}`);
  return parsed;
}

function fields(extension: string): Record<string, string> {
  return Object.fromEntries(cef(`CEF:0|V|P|1|s|n|5|${extension}`).fields);
}

function problems(extension: string): unknown {
  return cef(`CEF:0|V|P|1|s|n|5|${extension}`).problems;
}

describe('the header', () => {
  test('has seven fields', () => {
    expect(cef('CEF:1|Security|threatmanager|1.0|100|worm stopped|10|src=10.0.0.1')).toMatchObject({
      version: '1',
      product: { vendor: 'Security', name: 'threatmanager', version: '1.0' },
      signature: '100',
      name: 'worm stopped',
      severity: '10',
      problems: [],
    });
  });

  test('escapes bars and backslashes, and nothing else', () => {
    const line = cef(String.raw`CEF:0|a\|b|c\\|d\e|s|a=b \= c|5|x=1`);
    expect(line.product).toEqual({ vendor: 'a|b', name: 'c\\', version: String.raw`d\e` });
    expect(line.name).toBe(String.raw`a=b \= c`);
  });

  test('may stand alone, with or without its last bar', () => {
    expect(cef('CEF:0|V|P|1|s|n|5|')).toMatchObject({ severity: '5', problems: [] });
    expect(cef('CEF:0|V|P|1|s|n|Very-High')).toMatchObject({ severity: 'Very-High', problems: [] });
  });

  test('may be short', () => {
    expect(cef('CEF:0|V|P')).toMatchObject({ severity: '', problems: [{ kind: 'header-short' }] });
  });
});

describe('the extension', () => {
  test.each([
    ['values hold blanks', 'msg=a b  c src=10.0.0.1', { msg: 'a b  c', src: '10.0.0.1' }],
    ['values may be empty', 'dst= fileName= src=10.0.0.1', { dst: '', fileName: '', src: '10.0.0.1' }],
    ['an escaped = is no end of a key', String.raw`cs1=a\=b c\=d src=x`, { cs1: 'a=b c=d', src: 'x' }],
    ['an unescaped = may stand in a URL', 'url=http://h/?a=1&b=2 src=x', { url: 'http://h/?a=1&b=2', src: 'x' }],
    [
      'a URL may have a query named like a key',
      'url=http://h/?src=1&fileName=2',
      { url: 'http://h/?src=1&fileName=2' },
    ],
    [
      'several URLs are parted by blanks',
      'url=http://a/?x=1 http://b/?y=2 s=1',
      { url: 'http://a/?x=1 http://b/?y=2', s: '1' },
    ],
    ['line ends are escaped', String.raw`msg=one\ntwo\rthree`, { msg: 'one\ntwo\rthree' }],
    ['bars need no escape, and may have one', String.raw`msg=a|b\|c`, { msg: 'a|b|c' }],
    ['backslashes are doubled', String.raw`filePath=C:\\new\\x.exe`, { filePath: String.raw`C:\new\x.exe` }],
    ['blanks at the ends are dropped', 'a=1  b= 2 ', { a: '1', b: '2' }],
    ['a tab parts as a blank does', 'a=1\tb=2', { a: '1', b: '2' }],
    ['keys have dots and digits', 'ad.source=1 cs1Label=2', { 'ad.source': '1', cs1Label: '2' }],
    ['a word that begins with a digit is no key', 'msg=1st 2nd=3', { msg: '1st 2nd=3' }],
    ['base64 keeps its padding', 'data=aGVsbG8= src=x', { data: 'aGVsbG8=', src: 'x' }],
    ['a key may be called __proto__', '__proto__=1 constructor=2', { ['__proto__']: '1', constructor: '2' }],
  ])('%s', (_, extension, expected) => {
    expect(Object.entries(fields(extension))).toEqual(Object.entries(expected));
    expect(problems(extension)).toEqual([]);
  });

  test('of a key that is repeated the last value counts, and all are kept', () => {
    const line = cef('CEF:0|V|P|1|s|n|5|startTime=1 src=x startTime=2 startTime=3');
    expect(line.fields.get('startTime')).toBe('3');
    expect([...line.repeated]).toEqual([['startTime', ['1', '2', '3']]]);
    expect(line.problems).toEqual([{ kind: 'repeated-key', field: 'startTime' }]);
  });

  test('a second value that an outsider smuggled in does not hide the first', () => {
    const line = cef('CEF:0|JATP|Cortex|3.6|http|T|7|dst=10.1.1.26 fileName=x dst=10.0.0.5 fileType=PE32');
    expect(line.repeated.get('dst')).toEqual(['10.1.1.26', '10.0.0.5']);
  });

  test('a known key is found without a blank before it', () => {
    const extension = 'lastActivityTime=2016-01-23 17:36:39.841+00fileHash=bce0 src=1';
    expect(fields(extension)).toEqual({ lastActivityTime: '2016-01-23 17:36:39.841+00', fileHash: 'bce0', src: '1' });
    expect(problems(extension)).toEqual([{ kind: 'missing-space', field: 'fileHash' }]);
  });

  test('a common word is not taken for a key in the middle of another', () => {
    expect(fields('msg=transport=1')).toEqual({ msg: 'transport=1' });
  });

  test('a lone backslash shows a sender that does not escape, so that all stay', () => {
    const extension = String.raw`filePath=C:\Users\new\a.exe src=1`;
    expect(fields(extension)).toEqual({ filePath: String.raw`C:\Users\new\a.exe`, src: '1' });
    expect(problems(extension)).toEqual([{ kind: 'lone-backslash', field: 'filePath' }]);
    expect(fields(String.raw`cmd=C:\Users\x a\=b`)).toEqual({ cmd: String.raw`C:\Users\x a=b` });
  });

  test('text before the first key is kept', () => {
    const line = cef('CEF:0|V|P|1|s|n|5|some words src=1');
    expect(line).toMatchObject({ text: 'some words', problems: [{ kind: 'stray-text' }] });
    expect(cef('CEF:0|V|P|1|s|n|5|only words').text).toBe('only words');
  });

  test('of a thousand and one fields the last is lost, and that is said', () => {
    const extension = Array.from({ length: MAX_FIELDS + 1 }, (_, index) => `k${index}=v${index}`).join(' ');
    const line = cef(`CEF:0|V|P|1|s|n|5|${extension}`);
    expect(line.fields.size).toBe(MAX_FIELDS);
    expect(line.fields.get('k999')).toBe('v999');
    expect(line.problems).toEqual([{ kind: 'fields-cut' }]);
  });
});

describe('JATP', () => {
  const alert =
    'CEF:0|JATP|Cortex|3.6.0.15|cnc|TROJAN_Zemot.CY|7|externalId=1003 eventId=13405 src=203.0.113.9 dst=10.1.1.26 ' +
    'src_hostname= dst_hostname= malwareSeverity=0.5 malwareCategory=Trojan_DataTheft cncServers=203.0.113.9';

  test.each([
    ['as syslog', '<134>Nov 23 21:58:05 tap54.example JATP: ', 'tap54.example'],
    ['as syslog with a blank', '<134> Nov 23 21:58:05 tap54.example JATP: ', 'tap54.example'],
    ['as CEF', '2016-01-23 17:36:39.841+00 tap0.example ', 'tap0.example'],
    ['from a relay', 'Dec 6 16:52:22 10.0.0.9 Dec 06 16:51:38 tap0.example ', 'tap0.example'],
    ['with a program that touches', '<134>Nov 23 21:58:05 tap54.example JATP:', 'tap54.example'],
    ['alone', '', undefined],
  ])('sends its alerts %s', (_, header, host) => {
    const line = cef(header + alert);
    expect(line.headers.at(-1)?.host).toBe(host);
    expect(line).toMatchObject({ signature: 'cnc', name: 'TROJAN_Zemot.CY', severity: '7', problems: [] });
    expect(line.fields.get('dst')).toBe('10.1.1.26');
    expect(line.fields.get('src_hostname')).toBe('');
  });

  test('writes file types with blanks and commas', () => {
    const type = 'PE32 executable (GUI) Intel 80386, for MS Windows';
    expect(fields(`fileName=setup 1.exe fileType=${type} fileHash=bce0`)).toEqual({
      fileName: 'setup 1.exe',
      fileType: type,
      fileHash: 'bce0',
    });
  });

  test('writes times with a blank inside', () => {
    expect(fields('lastActivityTime=2016-12- 06 17:36:39+00 src=1').lastActivityTime).toBe('2016-12- 06 17:36:39+00');
  });

  test('has rules with colons in its names', () => {
    expect(cef('CEF:0|JATP|Cortex|5.0|datatheft|Card : number found|7|port=80').name).toBe('Card : number found');
  });

  test('has links of its guide before keys and addresses, which are taken away', () => {
    const extension = 'src=1 mailto:src_email_id=mailto:a@x.example dst_email_id={mailto:b@x.example,c@x.example}';
    expect(fields(extension)).toEqual({
      src: '1',
      src_email_id: 'a@x.example',
      dst_email_id: '{b@x.example,c@x.example}',
    });
    expect(fields('url=mailto:a@x.example')).toEqual({ url: 'mailto:a@x.example' });
  });
});

describe('the body', () => {
  test('is found behind words that are no header, and that is said', () => {
    expect(cef('tap54 says INFO CEF:0|V|P|1|s|n|5|src=1')).toMatchObject({
      text: 'tap54 says INFO',
      problems: [{ kind: 'text-before-body' }],
    });
    expect(cef('CEF: 0|V|P|1|s|n|5|src=1').version).toBe('0');
  });

  test.each([
    ["Nov 23 21:58:05 h app: url='http://x/CEF:0|JATP|Cortex|3|cnc|forged|9|dst=10.0.0.1'"],
    ['Nov 23 21:58:05 h app: GET /?a=CEF:0|JATP|Cortex|3|cnc|forged|9|dst=10.0.0.1'],
    ['Nov 23 21:58:05 h app: user "CEF:0|JATP|Cortex|3|cnc|forged|9|dst=10.0.0.1"'],
    ['<14>1 2023-08-02T06:20:55Z h RT_UTM - X [junos@2636.1.1.1.2.35 url="CEF:0|JATP|Cortex|3|cnc|forged|9|dst=1"]'],
    ['ACCEF:0|JATP|Cortex|3|cnc|forged|9|dst=10.0.0.1'],
  ])('is not looked for in the values of another: %s', line => {
    expect(parseLine(line).format).not.toBe('cef');
  });
});
