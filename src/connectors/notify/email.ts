import { createHash } from 'node:crypto';
import type { ActionContext } from '../../action/action.ts';
import { Refusal } from '../../action/http-answer.ts';
import type { Answer } from '../../action/outcome.ts';
import { HttpTrouble } from '../../base/http.ts';
import type { MailAnswer, MailRequest } from '../../base/mail.ts';
import { oneLine } from './syslog.ts';

/** In characters. Servers take 10 MB and more; people read the beginning. */
const LONGEST = { subject: 250, body: 64_000 } as const;

interface Letter {
  readonly relay: string;
  readonly subject: string;
  readonly body?: string;
  readonly to: readonly string[];
  readonly urgent?: true;
}

/**
 * Hands one message to each relay, in order. What may have been taken is never sent again by an attempt: an answer that was
 * lost leaves the message `unconfirmed`, and where an earlier one was taken, trouble with a later one is final. Throws
 * what may be tried again.
 */
export async function deliverMail(
  letters: readonly Letter[],
  { mail, key, now, signal }: Pick<ActionContext, 'mail' | 'key' | 'now' | 'signal'>,
): Promise<Answer<never> | undefined> {
  const taken: string[] = [];
  for (const letter of letters) {
    const what = `channel ${letter.relay}`;
    const request = { ...mailOf(letter, key), date: now, signal };
    try {
      const partly = judged(await mail(request), what);
      if (partly !== undefined) return partly;
    } catch (error) {
      if (error instanceof HttpTrouble && error.sent) {
        const detail = `${what}: ${error.message}; it may have been taken, and is not sent again; Message-ID ${request.id}`;
        return { kind: 'unconfirmed', detail };
      }
      if (taken.length === 0) throw error;
      const { reason, detail } = error instanceof Refusal ? error.answer : troubleIn(error);
      return { kind: 'failed', reason, detail: `${detail}; not tried again, since ${taken.join(', ')} took it` };
    }
    taken.push(what);
  }
  return undefined;
}

/** Nobody's text makes a header, or a line that a mail program takes for the end of the text. */
export function mailOf(
  { relay, subject, body = '', to, urgent }: Letter,
  key: string,
): Pick<MailRequest, 'relay' | 'subject' | 'text' | 'id' | 'urgent'> {
  const text = cut(plain(body), LONGEST.body);
  return {
    relay,
    // Mail programs would decode what looks encoded (RFC 2047); a word joiner takes it apart.
    subject: cut(oneLine(subject), LONGEST.subject).replaceAll('=?', '=\u2060?'),
    text: `${text === '' ? '' : `${text}\n\n`}-- \nto: ${oneLine(to.join(', '))}\nkey: ${key}\n`,
    id: createHash('sha256')
      .update(JSON.stringify([key, relay]))
      .digest('hex')
      .slice(0, 40),
    urgent: urgent === true,
  };
}

/** Throws where nobody gets it; some who do not, while others do, are no reason to send it again. */
function judged({ accepted, refused }: MailAnswer, what: string): Answer<never> | undefined {
  if (refused.length === 0) return undefined;
  const who = refused.map(({ address, said }) => `${address} was refused: ${said}`).join(', ');
  const isTemporary = refused.some(({ code }) => code < 500);
  const reason = isTemporary ? 'unavailable' : 'rejected';
  if (accepted.length > 0)
    return {
      kind: 'failed',
      reason,
      detail: `${what}: ${who}; not sent again, since it was taken for ${accepted.join(', ')}`,
    };
  throw new Refusal({ kind: isTemporary ? 'retry' : 'failed', reason, detail: `${what}: ${who}` });
}

function troubleIn(error: unknown): Pick<Extract<Answer, { kind: 'failed' }>, 'reason' | 'detail'> {
  if (!(error instanceof HttpTrouble)) throw error;
  return { reason: error.reason, detail: error.message };
}

function plain(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .split(/(?<=[\n\t])/)
    .map(part => (/[\n\t]$/.test(part) ? oneLine(part.slice(0, -1)) + part.slice(-1) : oneLine(part)))
    .join('');
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`;
}
