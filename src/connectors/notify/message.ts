import type { ActionContext } from '../../action/action.ts';
import { accepted } from '../../action/http-answer.ts';
import type { Answer } from '../../action/outcome.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { HttpAnswer } from '../../base/http.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import { deliverMail } from './email.ts';
import type { Channel, Settings } from './settings.ts';
import { parseChannels } from './settings.ts';
import { requireOk, slackBody } from './slack.ts';
import { syslogLine } from './syslog.ts';

export const messageInput = {
  type: 'object',
  properties: {
    to: { description: 'a recipient or a list of them; the channel of that name is used, else the default one' },
    subject: { type: 'string', 'x-text': 'people' },
    body: { type: 'string', 'x-text': 'people' },
  },
  required: ['to', 'subject'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export const messageOutput = {
  type: 'object',
  properties: { channels: { type: 'array', items: { type: 'string' }, description: 'through which it went' } },
  required: ['channels'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Message = FromSchema<typeof messageInput>;

/**
 * Sends a message through the channel of each recipient; recipients that share one get it together. Nothing is sent
 * unless every recipient has a channel.
 */
export async function deliver(
  message: Message,
  context: ActionContext<Settings>,
  urgency: { readonly urgent?: true },
): Promise<Answer<FromSchema<typeof messageOutput>>> {
  const recipients = recipientsOf(message.to);
  if (recipients === undefined) {
    return { kind: 'failed', reason: 'invalid-input', detail: 'to: must be a recipient or a list of recipients' };
  }
  const channels = parseChannels(context.settings);
  const parcels = new Map<string, string[]>();
  for (const recipient of recipients) {
    const name = channels.has(recipient) ? recipient : context.settings.default;
    if (name === undefined) return unknownRecipient(recipient, [...channels.keys()]);
    parcels.set(name, [...(parcels.get(name) ?? []), recipient]);
  }
  const letters: string[] = [];
  for (const [name, to] of parcels) {
    const channel = channels.get(name);
    if (channel?.kind === 'smtp') letters.push(name);
    else if (channel !== undefined) await send(channel, name, { ...message, ...urgency, to }, context);
  }
  // Last, when nothing else can want all to be tried again: e-mail that may have been taken is not sent twice.
  const trouble = await deliverMail(
    letters.map(name => ({ ...message, ...urgency, relay: name, to: parcels.get(name) ?? [] })),
    context,
  );
  if (trouble !== undefined) return trouble;
  return { kind: 'done', output: { channels: [...parcels.keys()] } };
}

async function send(
  channel: Exclude<Channel, { readonly kind: 'smtp' }>,
  name: string,
  message: Message & { readonly to: readonly string[]; readonly urgent?: true },
  { http, lines, key, now, signal, log }: ActionContext,
): Promise<void> {
  switch (channel.kind) {
    case 'log':
      return log.info({ ...message }, 'notification');
    case 'syslog': {
      const { facility, host, outlet } = channel;
      const sent = { ...message, key, urgent: message.urgent === true };
      const line = syslogLine(sent, { facility, host, transport: outlet.transport, now });
      return lines({ outlet: name, line, signal });
    }
    case 'slack':
      return requireOk(await post(slackBody(message)), `channel ${name}`);
    case 'webhook':
      accepted(await post({ ...message, key }), `channel ${name}`);
  }

  function post(json: JsonObject): Promise<HttpAnswer> {
    return http({
      method: 'POST',
      endpoint: name,
      path: [],
      query: channel.kind === 'webhook' || channel.kind === 'slack' ? channel.query : {},
      // The same for every attempt: a service that knows the header sends a repeated message once.
      headers: { 'Idempotency-Key': key },
      body: { json },
      signal,
    });
  }
}

/** Through which channels it goes that speak to somebody. */
export function through({ to }: Message, settings: Settings): readonly string[] {
  const channels = parseChannels(settings);
  const names = (recipientsOf(to) ?? []).map(name => (channels.has(name) ? name : settings.default));
  return names.filter(name => name !== undefined).filter(name => channels.get(name)?.kind !== 'log');
}

function unknownRecipient(recipient: string, known: readonly string[]): Answer<never> {
  const detail = `no channel "${recipient}" and no default one; known: ${known.join(', ')}${didYouMean(recipient, known)}`;
  return { kind: 'failed', reason: 'rejected', detail };
}

function recipientsOf(to: Json): readonly string[] | undefined {
  const list: readonly Json[] = Array.isArray(to) ? to : [to];
  const recipients = list.filter(recipient => typeof recipient === 'string' && recipient !== '') as string[];
  return recipients.length > 0 && recipients.length === list.length ? [...new Set(recipients)] : undefined;
}

/** For plans: `message to soc-admins: "Host isolated"`. */
export function describe({ to, subject }: Message): { readonly change: string } {
  return { change: `message to ${recipientsOf(to)?.join(', ') ?? '(nobody)'}: ${JSON.stringify(subject)}` };
}
