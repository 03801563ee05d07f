import type { FieldSet } from './field-set.ts';
import { addFlow, splitBrackets, Words } from './junos-words.ts';
import type { Problems } from './problems.ts';

const APPLICATION = ['application', 'nested-application'];
/** What newer releases appended. */
const RISK = ['application-category', 'application-sub-category', 'application-risk', 'application-characteristics'];

/**
 * The plain RT_FLOW messages: fields by place, from the left. Each release appended some, so the tail is taken as far as it
 * goes. A connection tag (`0x0`) and the kinds of NAT rules are there in newer releases only, and are known by their looks.
 */
export function readPlainFlow(message: string, set: FieldSet, problems: Problems): void {
  if (!readMessage(withoutSystem(message, set), set)) problems.add('unknown-form');
}

/** False where the message stops being what its catalogue says. */
function readMessage(message: string, set: FieldSet): boolean {
  const words = new Words(message);
  if (words.take() !== 'session') return false;
  switch (words.take()) {
    case 'created':
      return readCreated(words, set);
    case 'closed':
      return readClosed(words, set);
    case 'denied':
      return readDenied(words, set);
    default:
      return false;
  }
}

/** `Lsys NAME: `, of the messages of logical systems (`…_LS`). */
function withoutSystem(message: string, set: FieldSet): string {
  const colon = message.indexOf(': ');
  if (!message.startsWith('Lsys ') || colon === -1) return message;
  set.add('logical-system-name', message.slice('Lsys '.length, colon));
  return message.slice(colon + 2);
}

function readCreated(words: Words, set: FieldSet): boolean {
  if (!readSession(words, set)) return false;
  if (!readUser(words, set)) return words.peek() === undefined;
  words.name(['packet-incoming-interface', ...APPLICATION, 'encrypted', ...RISK], set);
  return true;
}

function readClosed(words: Words, set: FieldSet): boolean {
  const reason: string[] = [];
  for (let word = words.peek(); word !== undefined && !word.includes('->'); word = words.peek()) {
    reason.push(word);
    words.take();
  }
  set.add('reason', reason.join(' ').replace(/:$/, ''));
  if (!readSession(words, set)) return false;
  for (const side of ['client', 'server']) {
    const counted = splitBrackets(words.take());
    if (counted === undefined) return false;
    set.add(`packets-from-${side}`, counted[0]);
    set.add(`bytes-from-${side}`, counted[1]);
  }
  words.name(['elapsed-time', ...APPLICATION], set);
  if (!readUser(words, set)) return words.peek() === undefined;
  words.name(['packet-incoming-interface', 'encrypted', ...RISK], set);
  return true;
}

function readDenied(words: Words, set: FieldSet): boolean {
  if (!addFlow(words.take(), '', set)) return false;
  readConnectionTag(words, 'connection-tag', set);
  words.name(['service-name'], set);
  const protocol = splitBrackets(words.take());
  if (protocol === undefined) return false;
  set.add('protocol-id', protocol[0]);
  set.add('icmp-type', protocol[1]);
  words.name(['policy-name', 'source-zone-name', 'destination-zone-name', ...APPLICATION], set);
  if (!readUser(words, set)) return words.peek() === undefined;
  words.name(['packet-incoming-interface', 'encrypted'], set);
  readReason(words, set);
  return true;
}

/** What created and closed sessions share. */
function readSession(words: Words, set: FieldSet): boolean {
  if (!addFlow(words.take(), '', set)) return false;
  readConnectionTag(words, 'connection-tag', set);
  words.name(['service-name'], set);
  if (!addFlow(words.take(), 'nat-', set)) return false;
  readConnectionTag(words, 'nat-connection-tag', set);
  if (!readRules(words, set)) return false;
  words.name(['protocol-id', 'policy-name', 'source-zone-name', 'destination-zone-name', 'session-id-32'], set);
  return true;
}

function readConnectionTag(words: Words, name: string, set: FieldSet): void {
  if (words.peek()?.startsWith('0x')) words.name([name], set);
}

/**
 * Names of NAT rules, in newer releases each after its kind, which may be two words (`source rule`). A name may look like
 * anything, so the protocol behind them is found by the session's number, four words on.
 */
function readRules(words: Words, set: FieldSet): boolean {
  let count = 2;
  while (count <= 6 && !(isProtocol(words.peek(count)) && isNumber(words.peek(count + 4)))) count++;
  if (count > 6) return false;
  const isKindToo = count >= 4;
  for (const side of ['src', 'dst']) {
    if (isKindToo) set.add(`${side}-nat-rule-type`, readKind(words));
    words.name([`${side}-nat-rule-name`], set);
  }
  return isProtocol(words.peek());
}

function readKind(words: Words): string {
  const kind = words.take() ?? '';
  return words.peek() === 'rule' ? `${kind} ${words.take()}` : kind;
}

/** `N/A(N/A)`: a user and roles, in some releases with blanks between them. */
function readUser(words: Words, set: FieldSet): boolean {
  const user = splitBrackets(words.peek());
  if (user === undefined) return false;
  words.take();
  set.add('username', user[0]);
  set.add('roles', user[1]);
  return true;
}

/** A sentence (`policy deny`, `Rejected by policy`) up to the session's number, or the end. */
function readReason(words: Words, set: FieldSet): void {
  const reason: string[] = [];
  for (let word = words.peek(); word !== undefined && !isNumber(word); word = words.peek()) {
    reason.push(word);
    words.take();
  }
  if (reason.length > 0) set.add('reason', reason.join(' '));
  words.name(['session-id', ...RISK], set);
}

function isProtocol(word: string | undefined): boolean {
  return isNumber(word) && Number(word) <= 255;
}

function isNumber(word: string | undefined): boolean {
  return word !== undefined && /^\d{1,20}$/.test(word);
}
