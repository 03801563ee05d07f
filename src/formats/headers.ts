import { bodyStartAt } from './body-start.ts';
import { skipBlanks } from './chars.ts';
import type { SyslogHeader } from './line.ts';
import type { Priority } from './priority.ts';
import { readPriority } from './priority.ts';
import type { Problems } from './problems.ts';
import { readRfc3164 } from './rfc3164.ts';
import { readRfc5424 } from './rfc5424.ts';
import { readTime } from './written-time.ts';

/** Relays put theirs in front; a chain of more is somebody's joke. */
const MOST_HEADERS = 4;

/** RFC 5424 (6.2.2); there is no other. */
const VERSION = '1 ';

interface Read {
  readonly header: SyslogHeader;
  readonly end: number;
  /** Whether another header may follow. */
  readonly isOpen: boolean;
}

export interface Headers {
  readonly found: readonly SyslogHeader[];
  /** Where the message begins. */
  readonly end: number;
}

/** All headers of a line, outermost first: `Dec 6 16:52:22 relay Dec 06 16:51:38 host CEF:0|…` has two. */
export function readHeaders(text: string, problems: Problems): Headers {
  const found: SyslogHeader[] = [];
  let end = behindMark(text, 0);
  let isOpen = true;
  while (found.length < MOST_HEADERS && bodyStartAt(text, end) === undefined) {
    const read = readHeader(text, end, problems);
    // Behind a tag stands content, which may well begin with a time; with a priority and a time it is a header even so.
    if (read === undefined || (found.length > 0 && read.header.time === undefined)) break;
    if (!isOpen && text[end] !== '<') break;
    found.push(read.header);
    end = behindMark(text, read.end);
    ({ isOpen } = read);
  }
  return { found, end };
}

/** Some begin with a byte order mark, and RFC 5424 (6.4) has one before the message. */
function behindMark(text: string, at: number): number {
  return text[at] === '\uFEFF' ? at + 1 : at;
}

function readHeader(text: string, at: number, problems: Problems): Read | undefined {
  const priority = readPriority(text, at, problems);
  const from = priority?.end ?? at;
  const versioned = text.startsWith(VERSION, from)
    ? readVersioned(text, from + VERSION.length, priority, problems)
    : undefined;
  const read = versioned ?? readTimed(text, from, priority);
  if (read !== undefined || priority === undefined) return read;
  return readRfc3164(text, from, { priority, time: undefined });
}

/** Junos sends lines that begin as RFC 5424 has it and go on as RFC 3164 does. */
function readVersioned(text: string, at: number, priority: Priority | undefined, problems: Problems): Read | undefined {
  const read = readRfc5424(text, at, priority, problems);
  if (read !== undefined) return { ...read, isOpen: false };
  const timed = readTimed(text, at, priority);
  if (timed !== undefined) problems.add('not-rfc5424');
  return timed;
}

/** A header that a time begins, in whichever form (RFC 3164, 4.1.2; ISO 8601 as rsyslog and JATP write it). */
function readTimed(text: string, at: number, priority: Priority | undefined): Read | undefined {
  const end = readTime(text, at)?.end;
  if (end === undefined) return undefined;
  // Cisco's have a colon behind the time.
  const after = text[end] === ':' ? end + 1 : end;
  if (after < text.length && skipBlanks(text, after) === after) return undefined;
  return readRfc3164(text, after, { priority, time: text.slice(at, end) });
}
