import type { Json } from '../base/json.ts';
import { isObject, own } from '../base/json.ts';
import { serve } from './serve.ts';

/** A message that people got. */
export interface Message {
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
  /** `<run>/<step>`, the same however often it is sent. */
  readonly key: string;
}

export interface Mailbox {
  readonly url: string;
  readonly messages: readonly Message[];
  close(): Promise<void>;
}

/** Where the lab's people read what `notify` sends them, in the place of a chat. What comes twice is shown once. */
export async function startMailbox(arrived: (message: Message) => void, port = 0): Promise<Mailbox> {
  const messages: Message[] = [];
  const served = await serve(
    async request => {
      const message = messageIn((await request.json().catch(() => null)) as Json);
      if (request.method !== 'POST' || message === undefined)
        return Response.json({ error: 'this is no message' }, { status: 400 });
      if (!messages.some(({ key }) => key === message.key)) {
        messages.push(message);
        arrived(message);
      }
      return new Response(null, { status: 204 });
    },
    { port },
  );
  return { url: served.url, messages, close: () => served.close() };
}

function messageIn(json: Json): Message | undefined {
  if (!isObject(json)) return undefined;
  const [to, subject, body, key] = ['to', 'subject', 'body', 'key'].map(name => own(json, name));
  if (!Array.isArray(to) || typeof subject !== 'string' || typeof key !== 'string') return undefined;
  return { to: to.map(String), subject, body: typeof body === 'string' ? body : '', key };
}
