import { JUNOS_ID } from './body-start.ts';
import { isDigit, isUpper, skipBlanks } from './chars.ts';
import { FieldSet } from './field-set.ts';
import { readPlainFlow } from './junos-flow.ts';
import { readPlainIdp } from './junos-idp.ts';
import { readPlainUtm } from './junos-utm.ts';
import type { Body, JunosLine, StructuredElement, SyslogHeader } from './line.ts';
import { readPairs, startsPair } from './pairs.ts';
import type { Problems } from './problems.ts';

/** Of the daemons that write security logs; other messages of Junos are plain text. */
const TAGS = [
  'RT_',
  'IDP_',
  'AAMW_',
  'SRX_AAMW_',
  'SECINTEL_',
  'DNSF_',
  'AV_',
  'WEBFILTER_',
  'APPTRACK_',
  'ANTISPAM_',
  'CONTENT_',
  'RTLOG_',
  'IPFD_',
];
const LONGEST_TAG = 64;
/** `RT_FLOW`, `RT_AAMW`: who writes, not what. */
const DAEMON = /^RT_[A-Z]+$/;

/** What the plain AAMW_ACTION_LOG calls otherwise than the structured one. */
const NAMES: ReadonlyMap<string, string> = new Map([['mw-info', 'malware-info']]);

/** The fields of `[junos@2636.1.1.1.2.129 …]`, which name themselves. Routing engines may write the plain form behind it. */
export function structuredJunos(element: StructuredElement, tag: string, text: string): Body<JunosLine> {
  const { id, fields, repeated } = element;
  return { format: 'junos', form: 'structured', tag, hardware: id.slice(JUNOS_ID.length), fields, repeated, text };
}

/**
 * `RT_FLOW_SESSION_CREATE: session created …` behind any header, or `session created …` behind an RFC 5424 header whose message
 * id is the tag. The whole message is in `text`, since a release may add to it what no name is known for.
 */
export function readPlainJunos(
  text: string,
  at: number,
  header: SyslogHeader | undefined,
  problems: Problems,
): Body<JunosLine> | undefined {
  const from = skipBlanks(text, at);
  const start = readTag(text, from) ?? taggedBy(header, from);
  if (start === undefined || !TAGS.some(prefix => start.tag.startsWith(prefix))) return undefined;
  // A daemon's name (`RT_FLOW: RT_FLOW_SESSION_CREATE: …`) stands before the tag where no header took it away.
  const inner = DAEMON.test(start.tag) ? readTag(text, start.end) : undefined;
  const { tag, end } = inner ?? start;
  const set = readFields(tag.endsWith('_LS') ? tag.slice(0, -3) : tag, text, end, problems);
  return {
    format: 'junos',
    form: 'plain',
    tag,
    hardware: undefined,
    fields: set.fields,
    repeated: set.repeated,
    text: text.slice(end),
  };
}

function readFields(tag: string, text: string, at: number, problems: Problems): FieldSet {
  const set = new FieldSet(problems, NAMES);
  switch (tag) {
    case 'RT_FLOW_SESSION_CREATE':
    case 'RT_FLOW_SESSION_CLOSE':
    case 'RT_FLOW_SESSION_DENY':
      readPlainFlow(text.slice(at), set, problems);
      return set;
    case 'IDP_ATTACK_LOG_EVENT':
      readPlainIdp(text.slice(at), set, problems);
      return set;
    case 'AV_VIRUS_DETECTED_MT':
    case 'WEBFILTER_URL_BLOCKED':
    case 'WEBFILTER_URL_PERMITTED':
      readPlainUtm(text, at, set, problems);
      return set;
    default:
      if (startsPair(text, at)) readPairs(text, at, set, problems);
      return set;
  }
}

interface Tagged {
  readonly tag: string;
  readonly end: number;
}

/** Capitals, digits and `_`, then a colon and a blank. */
function readTag(text: string, at: number): Tagged | undefined {
  let end = at;
  while (end < at + LONGEST_TAG && isTagChar(text.charCodeAt(end))) end++;
  const isTag = isUpper(text.charCodeAt(at)) && text[end] === ':' && (text[end + 1] === ' ' || end + 1 === text.length);
  return isTag ? { tag: text.slice(at, end), end: skipBlanks(text, end + 1) } : undefined;
}

/** A header may have taken the tag: as its message id, or as its application where no daemon is named. */
function taggedBy(header: SyslogHeader | undefined, at: number): Tagged | undefined {
  const tag = header?.message ?? header?.app;
  return tag === undefined || DAEMON.test(tag) ? undefined : { tag, end: at };
}

function isTagChar(code: number): boolean {
  return isUpper(code) || isDigit(code) || code === 95;
}
