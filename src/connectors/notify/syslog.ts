import type { Instant } from '../../base/clock.ts';
import { formatInstant } from '../../base/clock.ts';

/** Any receiver takes so many octets of a packet, and should take so many of a stream (RFC 5426, 3.2; RFC 5424, 6.1). */
const LONGEST = { udp: 2_048, tcp: 8_192, tls: 8_192 } as const;

/** RFC 5424, 6.2.1. */
const SEVERITY = { notice: 5, critical: 2 } as const;

interface Sent {
  readonly subject: string;
  readonly body?: string;
  readonly to: readonly string[];
  readonly key: string;
  readonly urgent: boolean;
}

interface From {
  readonly facility: number;
  readonly host: string;
  readonly transport: keyof typeof LONGEST;
  readonly now: Instant;
}

/**
 * One line as RFC 5424 has it. Its text is on one line, control characters written as `\\u000a`, so that nobody's text ends
 * it or begins another; what is too long is cut. It has no structured data: that would need an enterprise number (7.2.2).
 */
export function syslogLine(
  { subject, body = '', to, key, urgent }: Sent,
  { facility, host, transport, now }: From,
): string {
  const priority = facility * 8 + (urgent ? SEVERITY.critical : SEVERITY.notice);
  const head = `<${priority}>1 ${formatInstant(now)} ${host} backline - ${urgent ? 'page' : 'message'} - `;
  const text = oneLine([`to=${to.join(',')}`, `key=${key}`, body === '' ? subject : `${subject}: ${body}`].join(' '));
  // 6.4: text in UTF-8 begins with a mark that says so.
  const mark = /^[ -~]*$/.test(text) ? '' : '\uFEFF';
  return cut(head + mark + text, LONGEST[transport]);
}

/** Control characters and what ends a line, written as `\\u000a`. */
export function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.toWellFormed().replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, char => {
    const code = char.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** At most so many octets, and no half of a character. */
function cut(line: string, most: number): string {
  const bytes = Buffer.from(line);
  return bytes.length <= most ? line : bytes.toString('utf8', 0, most).replace(/\uFFFD+$/, '');
}
