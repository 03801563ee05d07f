import type { FieldSet } from './field-set.ts';
import { addFlow } from './junos-words.ts';
import type { Problems } from './problems.ts';

/** Each field of the plain message's first sentence, and what stands behind it. */
const SENTENCE: readonly (readonly [name: string, end: string])[] = [
  ['epoch-time', ', '],
  ['message-type', ' Attack log <'],
  ['flow', '> for '],
  ['protocol-name', ' protocol and service '],
  ['service-name', ' application '],
  ['application-name', ' by rule '],
  ['rule-name', ' of rulebase '],
  ['rulebase-name', ' in policy '],
  ['policy-name', '. attack: '],
];

const PARTS: ReadonlyMap<string, string> = new Map([
  ['id', 'attack-id'],
  ['repeat', 'repeat-count'],
  ['action', 'action'],
  ['threat-severity', 'threat-severity'],
  ['name', 'attack-name'],
  ['time-elapsed', 'elapsed-time'],
  ['inbytes', 'inbound-bytes'],
  ['outbytes', 'outbound-bytes'],
  ['inpackets', 'inbound-packets'],
  ['outpackets', 'outbound-packets'],
]);

/**
 * The plain IDP_ATTACK_LOG_EVENT: `IDP: at EPOCH, ANOMALY Attack log <S/sp->D/dp> for TCP protocol and service HTTP application
 * NONE by rule 3 of rulebase IPS in policy P. attack: repeat=0, action=DROP, …, and misc-message -`.
 */
export function readPlainIdp(message: string, set: FieldSet, problems: Problems): void {
  const start = message.indexOf('at ');
  const end = start === -1 ? undefined : readSentence(message, start + 3, set);
  if (end === undefined) problems.add('unknown-form');
  else readParts(message.slice(end), set);
}

function readSentence(message: string, at: number, set: FieldSet): number | undefined {
  let from = at;
  for (const [name, literal] of SENTENCE) {
    const end = message.indexOf(literal, from);
    if (end === -1) return undefined;
    const value = message.slice(from, end);
    if (name !== 'flow') set.add(name, value);
    else if (!addFlow(value, '', set)) return undefined;
    from = end + literal.length;
  }
  return from;
}

function readParts(list: string, set: FieldSet): void {
  const end = list.indexOf(MISC);
  for (const part of (end === -1 ? list : list.slice(0, end)).split(', ')) readPart(part, set);
  if (end !== -1) set.add('message', list.slice(end + MISC.length));
}

const MISC = ' and misc-message ';

function readPart(part: string, set: FieldSet): void {
  const equals = part.indexOf('=');
  const name = PARTS.get(part.slice(0, Math.max(equals, 0)));
  if (name !== undefined) set.add(name, part.slice(equals + 1));
  else if (part.startsWith('NAT <')) addFlow(part.slice('NAT <'.length).replace(/>$/, ''), 'nat-', set);
  else if (part.startsWith('intf:')) readInterfaces(part.slice('intf:'.length), set);
  else if (part.startsWith('packet-log-id:')) set.add('packet-log-id', part.slice('packet-log-id:'.length).trim());
}

/** `ZONE:interface->ZONE:interface`. */
function readInterfaces(text: string, set: FieldSet): void {
  const arrow = text.indexOf('->');
  const sides = arrow === -1 ? [text] : [text.slice(0, arrow), text.slice(arrow + 2)];
  for (const [index, side] of sides.entries()) {
    const prefix = index === 0 ? 'source' : 'destination';
    const colon = side.indexOf(':');
    set.add(`${prefix}-zone-name`, side.slice(0, Math.max(colon, 0)));
    set.add(`${prefix}-interface-name`, side.slice(colon + 1));
  }
}
