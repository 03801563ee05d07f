/**
 * Log lines of security products, read without knowing who sent them. In comes a line as it was received; out go its headers, its
 * fields and what was tolerated. Nothing throws, nothing is guessed at: values stay text, as the product wrote them, and what
 * becomes of them is for the connector that knows the product. The work is linear in the length of a line, which is cut at
 * 64 KiB if not told otherwise, and 1,000 fields are the most. Times and severities are converted on demand.
 */
import { bodyStartAt, findBodyStart, JUNOS_ID } from './body-start.ts';
import type { BodyStart } from './body-start.ts';
import { readCef } from './cef.ts';
import { trimmed } from './chars.ts';
import { decodeLine, MAX_LINE } from './decode.ts';
import { FieldSet } from './field-set.ts';
import { readHeaders } from './headers.ts';
import { readPlainJunos, structuredJunos } from './junos.ts';
import { readLeef } from './leef.ts';
import type { Body, ParsedLine, SyslogHeader } from './line.ts';
import { readPairs, startsPair } from './pairs.ts';
import { Problems } from './problems.ts';
import { readElement } from './structured-data.ts';

export { MAX_LINE } from './decode.ts';
export { MAX_FIELDS } from './field-set.ts';
export type {
  CefLine,
  JunosLine,
  LeefLine,
  PairsLine,
  ParsedLine,
  Problem,
  ProblemKind,
  Product,
  StructuredElement,
  SyslogHeader,
  TextLine,
} from './line.ts';
export { severityOf, severityOfSyslog } from './severity.ts';
export { parseTime } from './time.ts';
export type { TimeContext } from './time.ts';
export { UTC, zoneNamed } from './zone.ts';
export type { Zone } from './zone.ts';

/**
 * Reads one line, without its framing. The body is looked for behind the headers first, then anywhere: products put their own
 * words before `CEF:`. What is longer than `longest` (bytes, or UTF-16 units of a string) is cut. Never throws.
 *
 * @example
 * const line = parseLine('<134>Nov 23 21:58:05 tap54 JATP: CEF:0|JATP|Cortex|3.6|cnc|TROJAN_Zemot.CY|7|dst=10.1.1.26');
 * if (line.format === 'cef') line.fields.get('dst'); // 10.1.1.26
 */
export function parseLine(input: Uint8Array | string, longest = MAX_LINE): ParsedLine {
  const problems = new Problems();
  const line = decodeLine(input, longest, problems);
  const { found: headers, end } = readHeaders(line, problems);
  const body = readBody(line, end, headers.at(-1), problems);
  return { line, headers, ...body, problems: problems.found };
}

function readBody(text: string, at: number, header: SyslogHeader | undefined, problems: Problems): Body {
  // What stands in JSON is somebody's value, and could hold a whole forged alert.
  if (text.startsWith('{"', at)) return plainText(text, at);
  const start = bodyStartAt(text, at);
  const element = start === undefined ? header?.structured.find(({ id }) => id.startsWith(JUNOS_ID)) : undefined;
  if (element !== undefined) return structuredJunos(element, header?.message ?? '', trimmed(text, at, text.length));
  return (
    (start && readStarted(text, start, header, problems)) ??
    readPlainJunos(text, at, header, problems) ??
    readFound(text, at, header, problems) ??
    readRest(text, at, problems)
  );
}

function readStarted(
  text: string,
  { kind, at }: BodyStart,
  header: SyslogHeader | undefined,
  problems: Problems,
): Body | undefined {
  switch (kind) {
    case 'cef':
      return readCef(text, at, problems);
    case 'leef':
      return readLeef(text, at, problems);
    case 'junos': {
      const element = readElement(text, at, problems);
      if (element === undefined) return undefined;
      return structuredJunos(
        element.value,
        tagBefore(text, at) ?? header?.message ?? '',
        trimmed(text, element.end, text.length),
      );
    }
  }
}

/** A body behind words of which no header is made. The words are kept, and their being there is said. */
function readFound(text: string, at: number, header: SyslogHeader | undefined, problems: Problems): Body | undefined {
  const start = findBodyStart(text, at);
  const body = start && readStarted(text, start, header, problems);
  if (start === undefined || body === undefined) return undefined;
  problems.add('text-before-body');
  const words = trimmed(text, at, start.at);
  return { ...body, text: body.text === '' ? words : `${words} ${body.text}` };
}

/** The word before structured data whose header was no header. */
function tagBefore(text: string, at: number): string | undefined {
  const before = trimmed(text, Math.max(0, at - 64), at);
  const word = before.slice(before.lastIndexOf(' ') + 1);
  return /^[A-Z][A-Z0-9_]*$/.test(word) ? word : undefined;
}

function readRest(text: string, at: number, problems: Problems): Body {
  if (startsPair(text, at)) {
    const set = new FieldSet(problems);
    const loose = readPairs(text, at, set, problems);
    return { format: 'pairs', fields: set.fields, repeated: set.repeated, text: loose };
  }
  return plainText(text, at);
}

function plainText(text: string, at: number): Body {
  return { format: 'text', fields: new Map(), repeated: new Map(), text: text.slice(at) };
}
