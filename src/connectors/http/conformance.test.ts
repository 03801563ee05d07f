import { describeConnector } from '../../../test/conformance/connector.ts';
import { faulty } from '../../action/faults.ts';
import type { Json } from '../../base/json.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';

const TOKEN = 'ticket-token';

/** An API of tickets: each POST makes one more. */
function ticketing() {
  const tickets: Json[] = [];
  const answer = async (request: Request): Promise<Response> => {
    if (request.headers.get('authorization') !== `Bearer ${TOKEN}`) return new Response(null, { status: 401 });
    if (request.method !== 'GET') tickets.push(JSON.parse((await request.text()) || 'null') as Json);
    return Response.json(tickets);
  };
  return { ...faulty(answer), tick() {}, state: () => [...tickets] };
}

describeConnector('http', connector, () => ({
  simulator: ticketing(),
  settings: url => ({ hosts: { tickets: { url, token: new Secret(TOKEN) } } }),
  secrets: [TOKEN],
  examples: {
    get: { input: { host: 'tickets', path: ['tickets', 7] }, opaque: true },
    send: { input: { host: 'tickets', path: '/tickets', json: { title: 'Host isolated' } }, opaque: true },
    change: { input: { host: 'tickets', path: '/tickets/7', method: 'DELETE' }, opaque: true },
  },
}));
