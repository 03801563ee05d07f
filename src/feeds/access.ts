import { createHash, timingSafeEqual } from 'node:crypto';
import type { Network } from '../base/network.ts';
import { isWithin, parseNetwork } from '../base/network.ts';
import type { Secret } from '../base/secret.ts';

/** Who may read feeds. What is given must all hold; nothing given is everybody who can reach the port. */
export interface Readers {
  readonly from?: readonly Network[];
  /** HTTP Basic; an SRX can from Junos 25.2R1 on. */
  readonly basic?: { readonly user: string; readonly password: Secret };
  /** As `Authorization: Bearer`. */
  readonly token?: Secret;
}

/** Whether a reader may, or how it is refused. */
export function refuseReader(request: Request, client: string, { from, basic, token }: Readers): Response | undefined {
  if (from !== undefined && !isWithin(client, from)) return new Response('Forbidden\n', { status: 403 });
  const given = request.headers.get('authorization') ?? '';
  const ways = [
    ...(basic === undefined
      ? []
      : [`Basic ${Buffer.from(`${basic.user}:${basic.password.reveal()}`).toString('base64')}`]),
    ...(token === undefined ? [] : [`Bearer ${token.reveal()}`]),
  ];
  if (ways.length === 0 || ways.some(way => isSame(given, way))) return undefined;
  const challenge = basic === undefined ? 'Bearer' : 'Basic realm="feeds"';
  return new Response('Unauthorized\n', { status: 401, headers: { 'www-authenticate': challenge } });
}

/** Whoever changes feeds: with the token, and from this machine. */
export function mayChange(request: Request, client: string, token: Secret): boolean {
  const isNear = isWithin(client, LOOPBACK);
  return isSame(request.headers.get('authorization') ?? '', `Bearer ${token.reveal()}`) && isNear;
}

const LOOPBACK = ['127.0.0.0/8', '::1'].flatMap(text => parseNetwork(text) ?? []);

/** In a time that says nothing of how much is right. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
