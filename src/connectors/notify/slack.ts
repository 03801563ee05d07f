import { Refusal, accepted, malformed } from '../../action/http-answer.ts';
import type { HttpAnswer } from '../../base/http.ts';
import type { JsonObject } from '../../base/json.ts';
import { isObject, own } from '../../base/json.ts';

/** Slack cuts texts at 40,000 characters (vendor); others take less. */
const LONGEST = 12_000;

/**
 * What an incoming webhook takes. `&`, `<` and `>` are the only characters that mean something there (vendor: formatting
 * text), and mentions are written in `<…>`; what copies Slack also knows `@name`, which a word joiner takes apart. Nothing is
 * fetched for a preview: whoever wrote a link into an event would hear of it.
 */
export function slackBody({ subject, body = '' }: { readonly subject: string; readonly body?: string }): JsonObject {
  const text = body === '' ? subject : `${subject}\n${body}`;
  const short = text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
  return { text: harmless(short), mrkdwn: false, unfurl_links: false, unfurl_media: false };
}

function harmless(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/(^|[^A-Za-z0-9._%+-])@(?=\w)/g, '$1@\u2060');
}

/** `ok` is the only success; a 2xx may hold an error all the same. */
export function requireOk(answer: HttpAnswer, what: string): void {
  const { text, json } = accepted(answer, what);
  const said = text.trim();
  if (said === 'ok' || said === '') return;
  if (isObject(json)) {
    const isTaken = own(json, 'ok') ?? own(json, 'success');
    if (isTaken === true) return;
    const error = own(json, 'error');
    if (isTaken === false)
      throw new Refusal({ kind: 'failed', reason: 'rejected', detail: `${what}: ${JSON.stringify(error ?? said)}` });
  }
  // Slack's errors are one word: `invalid_payload`, `no_text`.
  if (/^[a-z_]{1,60}$/.test(said))
    throw new Refusal({ kind: 'failed', reason: 'rejected', detail: `${what}: ${said}` });
  throw malformed(`${what}: the answer is neither "ok" nor an error`);
}
