import { FileTrouble } from '../base/file.ts';
import type { Http, HttpAnswer } from '../base/http.ts';
import { HttpTrouble } from '../base/http.ts';
import type { Json } from '../base/json.ts';
import type { Lines } from '../base/lines.ts';
import type { Mail } from '../base/mail.ts';
import type { Rpcs } from '../base/rpc.ts';
import { errorsOf, rpcEffect } from '../base/rpc.ts';
import type { Element } from '../base/xml.ts';
import type { ActionContext } from './action.ts';
import { VerifyTrouble } from './action.ts';
import type { Answer, Standing } from './outcome.ts';
import { PollTrouble } from '../event/source.ts';
import type { PollAnswer } from '../event/source.ts';

/**
 * From HTTP to what the engine understands, in one place for all connectors. A client throws {@link Refusal} where the
 * product's answer is not what was asked for; the wrappers below turn it, and `HttpTrouble`, into the right shape for
 * the caller. A signal's reason passes through: whoever aborted knows why.
 */
type Refused = Extract<Answer, { kind: 'retry' | 'failed' }>;

/** The product answered, but not with what was asked for. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Refused;

  constructor(answer: Refused) {
    super(answer.detail);
    this.answer = answer;
  }
}

/** The answer if it is a 2xx; else throws what it means. `what` names the call, for people: `infected hosts`. */
export function accepted(answer: HttpAnswer, what: string): HttpAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new Refusal(refusalOf(answer, what));
}

/** The JSON of a 2xx. Throws where there is none: a login page or a proxy's notice is no answer. */
export function acceptedJson(answer: HttpAnswer, what: string): Json {
  const { json } = accepted(answer, what);
  if (json === undefined)
    throw malformed(`${what}: status ${answer.status}, but the body is not JSON: ${excerpt(answer.text)}`);
  return json;
}

/** A 2xx that makes no sense. Worth another try: what stood between us and the product may be gone by then. */
export function malformed(detail: string): Refusal {
  return new Refusal({ kind: 'retry', reason: 'malformed-answer', detail });
}

/**
 * What a status outside 2xx means. A 404 is refused like any other: where it is an answer (`no such host`) its caller
 * knows, and everywhere else it says that the path is wrong.
 */
export function refusalOf(answer: HttpAnswer, what: string): Refused {
  const { status, headers } = answer;
  const detail = `${what}: status ${status}${status >= 300 && status < 400 ? ` to ${JSON.stringify(headers['location'] ?? '')}` : ''}${said(answer)}`;
  if (status === 401 || status === 403) return { kind: 'failed', reason: 'auth', detail };
  if (status === 408) return { kind: 'retry', reason: 'timeout', detail };
  if (status === 429) return { kind: 'retry', reason: 'rate-limited', ...retryAfter(headers), detail };
  if (status >= 500) return { kind: 'retry', reason: 'unavailable', ...retryAfter(headers), detail };
  return { kind: 'failed', reason: 'rejected', detail };
}

/** Wraps the `perform` of a read. */
export function reading<Input, Output, Settings>(
  perform: (input: Input, context: ActionContext<Settings>) => Promise<Answer<Output>>,
): (input: Input, context: ActionContext<Settings>) => Promise<Answer<Output>> {
  return async (input, context) => {
    try {
      return await perform(input, context);
    } catch (error) {
      return refusedBy(error);
    }
  };
}

/** Wraps the `perform` of a write: whatever goes wrong once a change may have left is in doubt, not failed (E6). */
export function writing<Input, Output, Settings>(
  perform: (input: Input, context: ActionContext<Settings>) => Promise<Answer<Output>>,
): (input: Input, context: ActionContext<Settings>) => Promise<Answer<Output>> {
  return async (input, context) => {
    const watched = watchWrites(context);
    try {
      return await perform(input, { ...context, ...watched });
    } catch (error) {
      const answer = refusedBy(error);
      if (!watched.mayHaveChanged()) return answer;
      if (answer.kind === 'retry') return { ...answer, inDoubt: true };
      // The change was taken; only looking at it afterwards was refused.
      return { kind: 'unconfirmed', detail: answer.detail };
    }
  };
}

/** Wraps a `verify`. */
export function verifying<Input, Settings>(
  verify: (input: Input, context: ActionContext<Settings>) => Promise<Standing>,
): (input: Input, context: ActionContext<Settings>) => Promise<Standing> {
  return async (input, context) => {
    try {
      return await verify(input, context);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new VerifyTrouble(error.message, { cause: error, reason: error.answer.reason });
    }
  };
}

/** Wraps a `poll`. */
export function polling<Arguments extends readonly unknown[]>(
  poll: (...parameters: Arguments) => Promise<PollAnswer>,
): (...parameters: Arguments) => Promise<PollAnswer> {
  return async (...parameters) => {
    try {
      return await poll(...parameters);
    } catch (error) {
      throw error instanceof Refusal ? new PollTrouble(error.message, { cause: error }) : error;
    }
  };
}

function refusedBy(error: unknown): Refused {
  if (error instanceof Refusal) return error.answer;
  if (error instanceof FileTrouble) {
    const { reason, message } = error;
    return { kind: reason === 'unavailable' ? 'retry' : 'failed', reason, detail: message };
  }
  if (!(error instanceof HttpTrouble)) throw error;
  const kind = error.reason === 'auth' ? 'failed' : 'retry';
  return { kind, reason: error.reason, detail: error.message };
}

/** Notes whether a change can have reached the product: it was taken, it broke on the way, or it broke the product. */
function watchWrites({ http, lines, mail, rpcs }: Pick<ActionContext, 'http' | 'lines' | 'mail' | 'rpcs'>): {
  readonly http: Http;
  readonly lines: Lines;
  readonly mail: Mail;
  readonly rpcs: Rpcs;
  mayHaveChanged(): boolean;
} {
  let changed = false;
  const watched: Http = async request => {
    if (request.method === 'GET' || request.method === 'HEAD') return http(request);
    try {
      const answer = await http(request);
      changed ||= answer.status < 300 || answer.status === 408 || answer.status >= 500;
      return answer;
    } catch (error) {
      changed ||= !(error instanceof HttpTrouble) || error.sent;
      throw error;
    }
  };
  const watchedLines: Lines = async request => {
    try {
      await lines(request);
      // It may have been read.
      changed = true;
    } catch (error) {
      changed ||= !(error instanceof HttpTrouble) || error.sent;
      throw error;
    }
  };
  const watchedMail: Mail = async request => {
    try {
      const answer = await mail(request);
      changed ||= answer.accepted.length > 0;
      return answer;
    } catch (error) {
      changed ||= !(error instanceof HttpTrouble) || error.sent;
      throw error;
    }
  };
  const watchedRpcs: Rpcs = (signal, work) =>
    rpcs(signal, session =>
      work({
        lasts: session.lasts,
        async call(asked) {
          const changes = asked.some(rpc => rpcEffect(rpc) === 'change');
          try {
            const answers = await session.call(asked);
            changed ||= changes && tookEffect(asked, answers);
            return answers;
          } catch (error) {
            changed ||= changes && mayHaveReached(error);
            throw error;
          }
        },
      }),
    );
  return { http: watched, lines: watchedLines, mail: watchedMail, rpcs: watchedRpcs, mayHaveChanged: () => changed };
}

/** Whether one that changes something was answered without an error. */
function tookEffect(asked: readonly Element[], answers: readonly Element[]): boolean {
  return asked.some((rpc, index) => {
    const answer = answers[index];
    return rpcEffect(rpc) === 'change' && answer !== undefined && errorsOf(answer).length === 0;
  });
}

/** A refusal by status says the same as one of any other request. */
function mayHaveReached(error: unknown): boolean {
  if (error instanceof Refusal) return error.answer.kind === 'retry' && error.answer.reason !== 'rate-limited';
  return !(error instanceof HttpTrouble) || error.sent;
}

/** RFC 9110, 10.2.3, in its form in seconds; the form with a date would need a clock. */
function retryAfter(headers: HttpAnswer['headers']): { readonly after?: number } {
  const seconds = headers['retry-after']?.trim() ?? '';
  return /^\d{1,6}$/.test(seconds) ? { after: Number(seconds) * 1_000 } : {};
}

function said({ text }: HttpAnswer): string {
  return text.trim() === '' ? '' : `: ${excerpt(text)}`;
}

/** The beginning of what a product said, on one line and in quotes. */
export function excerpt(text: string, most = 200): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return JSON.stringify(line.length > most ? `${line.slice(0, most)}…` : line);
}
