import type { Simulator } from '../../action/connector.ts';
import type { FaultSpec } from '../../action/faults.ts';
import { faulty } from '../../action/faults.ts';
import type { Element } from '../../base/xml.ts';
import { encodeXml } from '../../base/xml.ts';
import { errorsOf } from '../../base/rpc.ts';
import { parseXml } from '../../base/xml-parse.ts';
import type { Moment } from './simulator-faults.ts';
import { momentOf } from './simulator-faults.ts';
import type { Junos } from './simulator-junos.ts';

export interface RestOptions {
  readonly user: string;
  readonly password: string;
  /** One that does not know what it is asked by `stop-on-error`. */
  readonly goesOn?: boolean;
}

export interface JunosRest {
  readonly fetch: Simulator['fetch'];
  /** At RPCs of one kind only, where one is given. */
  fault(spec: FaultSpec & { readonly at?: Moment }): void;
  heal(): void;
}

/** The REST API of a Junos device: every POST is a session, and ends with it. */
export function createRest(junos: Junos, { user, password, goesOn = false }: RestOptions): JunosRest {
  // What kind of RPCs a POST has stands in its path, on the way through the faults.
  const sick = faulty(async request => {
    const url = new URL(request.url);
    if (request.headers.get('authorization') !== `Basic ${btoa(`${user}:${password}`)}`)
      return new Response('', { status: 401 });
    if (request.method !== 'POST') return new Response('', { status: 405 });
    return answer(await request.text(), !goesOn && url.searchParams.has('stop-on-error'));
  });

  function answer(body: string, stops: boolean): Response {
    const session = junos.session(user, 'rest');
    const parts: string[] = [];
    for (const rpc of rpcsIn(body)) {
      const content = session.rpc(rpc);
      parts.push(
        `--a-part\r\nContent-Type: application/xml; charset=utf-8\r\n\r\n${content.map(encodeXml).join('\n')}\r\n`,
      );
      if (stops && errorsOf({ name: 'answer', children: content }).length > 0) break;
    }
    session.end();
    const headers = { 'content-type': 'multipart/mixed; boundary=a-part' };
    return new Response(`${parts.join('')}--a-part--\r\n`, { headers });
  }

  return {
    async fetch(request) {
      const url = new URL(request.url);
      if (url.pathname !== '/rpc') return new Response('', { status: 404 });
      const body = await request.text();
      const moments = [...new Set(rpcsIn(body).map(momentOf))];
      url.pathname = `/rpc/${moments.includes('commit') ? 'commit' : moments.includes('confirm') ? 'confirm' : 'read'}/`;
      const { method, headers, signal } = request;
      return sick.fetch(new Request(url, { method, headers, signal, ...(method === 'POST' ? { body } : {}) }));
    },
    fault: ({ at, ...spec }) =>
      sick.fault({ ...spec, ...(at === undefined || at === 'any' ? {} : { path: `/${at}/` }) }),
    heal: () => sick.heal(),
  };
}

function rpcsIn(body: string): Element[] {
  return parseXml(`<rpcs>${body}</rpcs>`).children.filter(child => typeof child !== 'string');
}
