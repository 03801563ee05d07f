import { accepted } from '../action/http-answer.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { HttpAnswer } from '../base/http.ts';
import { HttpTrouble } from '../base/http.ts';
import type { RestDevice, Rpcs } from '../base/rpc.ts';
import { rpcEffect } from '../base/rpc.ts';
import { Secret } from '../base/secret.ts';
import type { Element } from '../base/xml.ts';
import { encodeXml } from '../base/xml.ts';
import { createHttp } from './http.ts';
import { mask } from './http-wire.ts';
import { parseReply } from './rpc-reply.ts';

/**
 * RPCs through the REST API of Junos, a POST for each call: `multipart/mixed` comes back, a part for each RPC (vendor:
 * “Submitting a POST Request to the REST API”). A status that is no 2xx is thrown as the `Refusal` that it means.
 */
export function restRpcs(device: RestDevice, timeout: Milliseconds): Rpcs & { close(): Promise<void> } {
  const { url, user, password, ca, pinned, insecure, stop } = device;
  const login = Buffer.from(`${user}:${password.reveal()}`).toString('base64');
  const http = createHttp(
    {
      default: {
        url,
        headers: { authorization: new Secret(`Basic ${login}`) },
        ...(ca === undefined ? {} : { ca }),
        ...(pinned === undefined ? {} : { pinned }),
        ...(insecure === undefined ? {} : { insecure }),
      },
    },
    { timeout },
  );
  const rpcs: Rpcs = (signal, work) =>
    work({
      lasts: false,
      async call(asked) {
        const answer = await http({
          method: 'POST',
          path: ['rpc'],
          query: stop,
          headers: { accept: 'application/xml' },
          body: { xml: asked.map(encodeXml).join('\n') },
          signal,
        });
        const masked = { ...answer, text: mask(answer.text, wordsOf(password)) };
        const { headers } = accepted(masked, 'REST API');
        try {
          return answersIn(masked, asked.length);
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          const isChange = asked.some(rpc => rpcEffect(rpc) === 'change');
          const kind = headers['content-type'] ?? 'no type';
          throw new HttpTrouble('malformed-answer', `the answer (${kind}) makes no sense: ${why}`, isChange, error);
        }
      },
    });
  return Object.assign(rpcs, { close: () => http.close() });
}

function answersIn({ headers, text }: HttpAnswer, most: number): Element[] {
  const type = headers['content-type'] ?? '';
  if (/^\s*multipart\//i.test(type)) {
    const parts = partsOf(type, text);
    if (parts.length > most) throw new Error('it has more parts than were asked for');
    return parts.map(answerOf);
  }
  if (!/\bxml\b/i.test(type)) throw new Error('it is no XML');
  return [answerOf(text)];
}

/** The content of each part, without its headers (RFC 2046, 5.1). */
function partsOf(type: string, text: string): string[] {
  const [, quoted, plain] = /boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(type) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw new Error('its parts have no boundary');
  const [, ...parts] = `\n${text.replaceAll('\r\n', '\n')}`.split(`\n--${boundary}`);
  if (parts.at(-1)?.startsWith('--') !== true) throw new Error('it ends too early');
  return parts.slice(0, -1).map(part => {
    const end = part.indexOf('\n\n');
    if (end < 0) throw new Error('a part of it has no content');
    return part.slice(end + 2);
  });
}

/** What the device says, in an element as NETCONF has it; nothing at all is an answer too. */
function answerOf(content: string): Element {
  const body = content.replace(/^\uFEFF?\s*(<\?xml[^>]*\?>)?/, '');
  if (body.includes('<?xml')) throw new Error('it has several documents in one');
  return parseReply(`<rpc-reply>${body}</rpc-reply>`);
}

function wordsOf(password: Secret): string[] {
  const word = password.reveal();
  return word.length < 8 ? [] : [word];
}
