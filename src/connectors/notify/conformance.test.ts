import { describeConnector } from '../../../test/conformance/connector.ts';
import { faulty } from '../../action/faults.ts';
import type { Json } from '../../base/json.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';

const SECRET = 'webhook-secret';

/** A receiver that takes each key once, as a service does that knows the header. */
function receiver() {
  const messages = new Map<string, Json>();
  const accept = async (request: Request): Promise<Response> => {
    if (request.headers.get('authorization') !== `Bearer ${SECRET}`) return new Response(null, { status: 401 });
    messages.set(request.headers.get('idempotency-key') ?? '', (await request.json()) as Json);
    return new Response(null, { status: 204 });
  };
  return { ...faulty(accept), tick() {}, state: () => Object.fromEntries(messages) };
}

describeConnector('notify', connector, () => {
  const message = {
    input: { to: ['soc', 'ann'], subject: 'Host isolated', body: 'FIN-WS-042' },
    opaque: true,
  } as const;
  return {
    simulator: receiver(),
    settings: url => ({ channels: { team: { webhook: `${url}/hook`, secret: new Secret(SECRET) } }, default: 'team' }),
    secrets: [SECRET],
    examples: { send: message, page: message },
  };
});
