import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_LINE, parseLine } from './formats.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a line', () => {
  test('is the same as text and as bytes', () => {
    const line = '<34>Oct 11 22:14:15 hôte app: CEF:0|V|P|1|s|n|5|msg=größer';
    expect(parseLine(bytesOf(line))).toEqual(parseLine(line));
  });

  test('may hold bytes that are no UTF-8', () => {
    const line = parseLine(new Uint8Array([...bytesOf('CEF:0|V|P|1|s|n|5|msg=gr'), 0xfc, ...bytesOf('n src=1')]));
    expect(line.fields.get('msg')).toBe('gr\uFFFDn');
    expect(line.problems).toEqual([{ kind: 'not-utf8' }]);
  });

  test('is cut at 64 KiB, between two characters, and says so', () => {
    const long = `x${'é'.repeat(MAX_LINE)}`;
    for (const input of [long, bytesOf(long)]) {
      const line = parseLine(input);
      expect(bytesOf(line.line).length).toBeLessThanOrEqual(MAX_LINE * 2);
      expect(line.line.endsWith('é')).toBe(true);
      expect(line.problems).toEqual([{ kind: 'line-cut' }]);
    }
    expect(parseLine(`${'x'.repeat(MAX_LINE - 1)}😀`).line).toBe('x'.repeat(MAX_LINE - 1));
    expect(parseLine('x'.repeat(MAX_LINE)).problems).toEqual([]);
  });

  test('names no more than twenty problems', () => {
    const line = Array.from({ length: 200 }, (_, index) => `a${index >> 1}=1`).join(' ');
    expect(parseLine(line).problems).toHaveLength(20);
  });
});

/** Pieces that lines are made of, whole and broken. */
const pieces = fc.constantFrom(
  'CEF:0|',
  'LEEF:2.0|',
  'LEEF:1.0|',
  '[junos@2636.1 ',
  '<134>',
  '<999>',
  '1 ',
  '- ',
  'Oct 11 22:14:15 ',
  '2016-12- 06 17:36:39+00',
  'RT_FLOW: ',
  'RT_FLOW_SESSION_CREATE: session created ',
  'RT_FLOW_SESSION_CLOSE: session closed ',
  'WEBFILTER_URL_BLOCKED: ',
  'IDP_ATTACK_LOG_EVENT: IDP: at ',
  ' Attack log <',
  'fileHash=',
  'mailto:',
  'src_email_id=',
  '#011',
  '0x5e|',
  ...'"\'\\|][= \t\n\0^?&:{<>-/(),',
  '->',
  '/1',
  '(2)',
  '0x0 ',
  'a=',
  '\uFEFF',
  '😀',
  '\uD800',
);
const hostile = fc.array(fc.oneof(pieces, fc.string({ maxLength: 8 }))).map(parts => parts.join(''));

describe('whatever comes', () => {
  test('nothing throws, and fields are text', () => {
    fc.assert(
      fc.property(hostile, line => {
        const { fields, headers, text, problems } = parseLine(line);
        for (const value of fields.values()) expect(typeof value).toBe('string');
        expect(typeof text).toBe('string');
        expect(headers.length).toBeLessThanOrEqual(4);
        expect(problems.length).toBeLessThanOrEqual(20);
      }),
      { numRuns: 5_000 },
    );
  });

  test('no bytes throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        expect(typeof parseLine(bytes).line).toBe('string');
      }),
      { numRuns: 2_000 },
    );
  });

  // A scanner that looked back or ahead without a bound would take seconds for these; each takes a few milliseconds.
  test.each([
    ['one run of =', '='],
    ['keys that touch', 'a='],
    ['known keys that touch', 'fileHash='],
    ['known keys in a query', '?fileHash='],
    ['keys parted by blanks', 'a=1 '],
    ['stray mailto', 'mailto:'],
    ['mailto before keys', ' mailto:a='],
    ['backslashes', '\\'],
    ['escaped quotes', '\\"'],
    ['quotes', '"'],
    ['quotes before names', `"a="`],
    ['apostrophes before almost keys', "' aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
    ['opening brackets', '['],
    ['structured data', '[a b="c"]'],
    ['beginnings of bodies', 'CEF:'],
    ['beginnings of bodies with versions', 'CEF:0 '],
    ['beginnings of Junos', '[junos@2636.'],
    ['bars', '|'],
    ['tabs', '\t'],
    ['escaped tabs', '#011'],
    ['blanks', ' '],
    ['headers', 'Oct 11 22:14:15 h '],
    ['priorities', '<134>'],
    ['digits', '1'],
    ['letters', 'a'],
    ['arrows', '->'],
    ['brackets', '(1) '],
    ['numbers', '6 '],
    ['commas', ', '],
    ['line ends', '\r\n'],
  ])('a line of %s takes no longer than it is long', (_, piece) => {
    for (const beginning of BEGINNINGS) {
      const line = beginning + piece.repeat(Math.floor((MAX_LINE - beginning.length) / piece.length));
      const begin = process.cpuUsage();
      parseLine(line);
      const { user, system } = process.cpuUsage(begin);
      expect({ beginning, isFast: user + system < 200_000 }).toEqual({ beginning, isFast: true });
    }
  });
});

const BEGINNINGS = [
  '',
  '<134>1 2023-08-02T06:20:55Z h a - - ',
  '<134>1 2023-08-02T06:20:55Z h a - - [x@1 a="',
  'CEF:0|',
  'CEF:0|V|P|1|s|n|5|src_email_id=',
  'CEF:0|V|P|1|s|n|5|url=http://h/?',
  'LEEF:1.0|V|P|1|e|a=1\t',
  'LEEF:2.0|V|P|1|e|^|a=',
  "a='",
  'a="1" b=',
  'x [junos@2636.1 a="',
  'RT_FLOW: RT_FLOW_SESSION_CREATE: session created ',
  'RT_FLOW: RT_FLOW_SESSION_CREATE: session created 10.0.0.1/1->10.0.0.2/2 x 10.0.0.1/1->10.0.0.2/2 ',
  'RT_FLOW: RT_FLOW_SESSION_CLOSE: session closed ',
  'RT_IDP: IDP_ATTACK_LOG_EVENT: IDP: at ',
  'RT_UTM: WEBFILTER_URL_BLOCKED: WebFilter: ',
  'RT_AAMW: AAMW_ACTION_LOG: a=1 ',
];

/** Values that stand for themselves in every format: no blanks at the ends, which none of them keeps. */
const value = fc
  .string({ unit: fc.constantFrom(...'abz09 =|\\"]\'äß→😀\n\r\t.:/?&_-{}[],;'), maxLength: 30 })
  .filter(text => text === text.trim() && !text.includes('mailto:'));
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,15}$/).filter(text => !text.endsWith('email_id'));
const attributes = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 12 });

function escaped(text: string, escapes: { readonly [char: string]: string }): string {
  return [...text].map(char => escapes[char] ?? char).join('');
}

const CEF = { '\\': '\\\\', '=': '\\=', '\n': '\\n', '\r': '\\r' };
const LEEF = { ...CEF, '\t': '\\t' };

describe('what is written as the specification says is read as it was meant', () => {
  test('CEF', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 6, maxLength: 6 }), attributes, (parts, pairs) => {
        const header = parts.map(part => escaped(part, { '\\': '\\\\', '|': '\\|' })).join('|');
        const line = parseLine(
          `CEF:0|${header}|${pairs.map(([key, text]) => `${key}=${escaped(text, CEF)}`).join(' ')}`,
        );
        if (line.format !== 'cef') throw new Error(line.format);
        const { product, signature, name: title, severity } = line;
        expect([product.vendor, product.name, product.version, signature, title, severity]).toEqual(parts);
        expect([...line.fields]).toEqual(pairs);
      }),
      { numRuns: 1_000 },
    );
  });

  test("LEEF, as Carbon Black's forwarder writes it", () => {
    fc.assert(
      fc.property(attributes, pairs => {
        fc.pre(pairs.every(([, text]) => !/^(\{"|\[)/.test(text)));
        const line = parseLine(
          `LEEF:1.0|CB|CB|5.1|t|${pairs.map(([key, text]) => `${key}=${escaped(text, LEEF)}`).join('\t')}\t`,
        );
        expect([...line.fields]).toEqual(pairs);
      }),
      { numRuns: 1_000 },
    );
  });

  test('RFC 5424', () => {
    fc.assert(
      fc.property(attributes, value, (pairs, message) => {
        const data = pairs
          .map(([key, text]) => ` ${key}="${escaped(text, { '\\': '\\\\', '"': '\\"', ']': '\\]' })}"`)
          .join('');
        const line = parseLine(`<165>1 2003-10-11T22:14:15.003Z host app 7 ID47 [x@1${data}] \uFEFF${message}`);
        expect([...(line.headers[0]?.structured[0]?.fields ?? [])]).toEqual(pairs);
        expect(line.line.endsWith(message)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("pairs, where a value holds no quote of the writer's", () => {
    const plain = attributes.map(pairs => pairs.map(([key, text]) => [key, text.replaceAll("'", '')] as const));
    fc.assert(
      fc.property(plain, pairs => {
        fc.pre(pairs.length > 0);
        const line = parseLine(pairs.map(([key, text]) => `${key}='${text}'`).join(' '));
        expect(Object.fromEntries(line.fields)).toEqual(Object.fromEntries(pairs));
      }),
      { numRuns: 1_000 },
    );
  });
});

test.each(['leef_encoder_input_0.json', 'leef_encoder_input_1.json', 'leef_encoder_input_2.json'])(
  'the forwarder message %s comes back from its LEEF line',
  file => {
    const folder = join(import.meta.dirname, '../../test/fixtures/logs/carbonblack');
    const message = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>;
    // Strings are escaped, objects are JSON that is not (the forwarder's LEEF encoder).
    const pairs = Object.entries(message).map(
      ([key, field]) => [key, typeof field === 'string' ? field : JSON.stringify(field)] as const,
    );
    const written = pairs.map(
      ([key, text]) => `${key}=${typeof message[key] === 'string' ? escaped(text, LEEF) : text}`,
    );
    const line = parseLine(`<134>Nov 17 01:46:00 cb LEEF:1.0|CB|CB|5.1|watchlist.hit.process|${written.join('\t')}`);
    expect([...line.fields]).toEqual(pairs);
    expect(line.problems).toEqual([]);
  },
);
