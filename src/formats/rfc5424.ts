import type { SyslogHeader } from './line.ts';
import type { Priority } from './priority.ts';
import type { Problems } from './problems.ts';
import { readStructuredData } from './structured-data.ts';
import { readTime } from './written-time.ts';

/** Nothing is longer (RFC 5424, 6: HOSTNAME has 255 at most). */
const LONGEST_WORD = 255;

/** From behind `VERSION SP`: `TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA [MSG]`. */
export function readRfc5424(
  text: string,
  at: number,
  priority: Priority | undefined,
  problems: Problems,
): { readonly header: SyslogHeader; readonly end: number } | undefined {
  const time = readStamp(text, at);
  if (time === undefined || text[time.end] !== ' ') return undefined;
  const words = readWords(text, time.end + 1);
  const data = words && readStructuredData(text, words.end, problems);
  if (words === undefined || data === undefined) return undefined;
  if (words.found.length === 3) problems.add('no-host');
  const [host, app, process, message] = words.found.length === 3 ? [undefined, ...words.found] : words.found;
  const header = {
    facility: priority?.facility,
    severity: priority?.severity,
    time: time.text,
    host: known(host),
    app: known(app),
    process: known(process),
    message: known(message),
    structured: data.elements,
  };
  return { header, end: text[data.end] === ' ' ? data.end + 1 : data.end };
}

function readStamp(text: string, at: number): { readonly text: string | undefined; readonly end: number } | undefined {
  if (text.startsWith('- ', at)) return { text: undefined, end: at + 1 };
  const end = readTime(text, at)?.end;
  return end === undefined ? undefined : { text: text.slice(at, end), end };
}

/** Host, application, process and message id. Where the structured data come a word too soon, a relay left out the host. */
function readWords(text: string, at: number): { readonly found: string[]; readonly end: number } | undefined {
  const found: string[] = [];
  let from = at;
  while (found.length < 4 && !(found.length === 3 && text[from] === '[')) {
    const end = text.indexOf(' ', from);
    if (end <= from || end - from > LONGEST_WORD) return undefined;
    found.push(text.slice(from, end));
    from = end + 1;
  }
  return { found, end: from };
}

function known(word: string | undefined): string | undefined {
  return word === '-' ? undefined : word;
}
