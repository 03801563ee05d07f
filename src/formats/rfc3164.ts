import { bodyStartAt } from './body-start.ts';
import { isBlank, isWord, skipBlanks, wordEnd } from './chars.ts';
import type { SyslogHeader } from './line.ts';
import type { Priority } from './priority.ts';

/** RFC 3164 (4.1.3) says 32; Carbon Black's programs have longer names. */
const LONGEST_TAG = 64;

interface Tag {
  readonly app: string;
  readonly process: string | undefined;
  readonly end: number;
}

/** What is known before the host. */
export interface Beginning {
  readonly priority: Priority | undefined;
  readonly time: string | undefined;
}

/**
 * From behind the time: `[HOST] [TAG[[PID]][:]] CONTENT`. RFC 3164 is a report of what is seen, not a rule, so each part may
 * be missing. `isOpen` where no tag ended the header: another header may follow.
 */
export function readRfc3164(
  text: string,
  at: number,
  { priority, time }: Beginning,
): { readonly header: SyslogHeader; readonly end: number; readonly isOpen: boolean } {
  const start = skipBlanks(text, at);
  // A host is written behind a time only (RFC 3164, 4.1.2); without one, everything is content but for a tag.
  const host = time === undefined ? undefined : readHost(text, start);
  const from = host === undefined ? start : skipBlanks(text, start + host.length);
  const tag = readTag(text, from);
  const header = {
    facility: priority?.facility,
    severity: priority?.severity,
    time,
    host: host === '-' ? undefined : host,
    app: tag?.app,
    process: tag?.process,
    message: undefined,
    structured: [],
  };
  return { header, end: tag?.end ?? from, isOpen: tag === undefined };
}

function readHost(text: string, at: number): string | undefined {
  if (bodyStartAt(text, at) !== undefined || readTag(text, at) !== undefined || text[at] === '<') return undefined;
  const word = text.slice(at, wordEnd(text, at));
  return word === '' || word.includes('=') || word.endsWith(':') ? undefined : word;
}

/** `su:`, `sshd[123]:`, `sshd[123]`; not the beginning of `CEF:0|`, of a URL, of a path of Windows or of an IPv6 address. */
function readTag(text: string, at: number): Tag | undefined {
  if (bodyStartAt(text, at) !== undefined) return undefined;
  let end = at;
  while (end < at + LONGEST_TAG && isTagChar(text, end)) end++;
  if (end === at) return undefined;
  const app = text.slice(at, end);
  if (text[end] === ':') return isTagEnd(text, end + 1) ? tagOf(text, { app, end: end + 1 }) : undefined;
  if (text[end] !== '[') return undefined;
  const close = text.indexOf(']', end);
  if (close === -1 || close - end > LONGEST_TAG) return undefined;
  const after = text[close + 1] === ':' ? close + 2 : close + 1;
  if (after === close + 1 && after < text.length && !isBlank(text.charCodeAt(after))) return undefined;
  return tagOf(text, { app, process: text.slice(end + 1, close), end: after });
}

function tagOf(text: string, { app, process, end }: { app: string; process?: string; end: number }): Tag {
  return { app, process, end: skipBlanks(text, end) };
}

function isTagEnd(text: string, at: number): boolean {
  return at >= text.length || isBlank(text.charCodeAt(at)) || text[at] === "'" || bodyStartAt(text, at) !== undefined;
}

function isTagChar(text: string, at: number): boolean {
  return isWord(text.charCodeAt(at)) || '-./%@+'.includes(text[at] ?? ' ');
}
