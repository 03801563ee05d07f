import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { Secret } from '../base/secret.ts';

/** How a sender signs its requests: an HMAC (RFC 2104) over the bytes of the body, and what else it says. */
export interface SignatureScheme {
  /** Any of them may have signed, so that a secret can be changed without a gap. */
  readonly secrets: readonly Secret[];
  readonly algorithm: 'sha256' | 'sha384' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  /** The header with the signature, or several, separated by blanks. */
  readonly header: string;
  /** What stands before each signature. */
  readonly prefix: string;
  /** What is signed: text with `{body}`, `{timestamp}` and `{id}`. */
  readonly signed: string;
  /** The header with the time of sending, in seconds since 1970. */
  readonly timestamp?: string;
  /** How far from ours that time may be. */
  readonly tolerance: Milliseconds;
  /** The header with the id of the delivery. */
  readonly id?: string;
  /** The secret is the base64 text of the key, behind `whsec_`. */
  readonly isEncoded?: true;
}

export type SchemeStyle = 'github' | 'slack' | 'standard';

type StyleDefaults = Omit<SignatureScheme, 'secrets' | 'tolerance'>;

/**
 * How well-known senders sign. GitHub, "Validating webhook deliveries"; Slack, "Verifying requests from Slack"; and
 * Standard Webhooks (standardwebhooks.com), which many use.
 */
export const STYLES: { readonly [Style in SchemeStyle]: StyleDefaults } = {
  github: {
    algorithm: 'sha256',
    encoding: 'hex',
    header: 'x-hub-signature-256',
    prefix: 'sha256=',
    signed: '{body}',
    id: 'x-github-delivery',
  },
  slack: {
    algorithm: 'sha256',
    encoding: 'hex',
    header: 'x-slack-signature',
    prefix: 'v0=',
    signed: 'v0:{timestamp}:{body}',
    timestamp: 'x-slack-request-timestamp',
  },
  standard: {
    algorithm: 'sha256',
    encoding: 'base64',
    header: 'webhook-signature',
    prefix: 'v1,',
    signed: '{id}.{timestamp}.{body}',
    timestamp: 'webhook-timestamp',
    id: 'webhook-id',
    isEncoded: true,
  },
};

export interface SignedRequest {
  header(name: string): string | undefined;
  readonly body: Uint8Array;
}

/** More signatures in one header are somebody's joke. */
const MOST_SIGNATURES = 10;

/**
 * The signature that is right, by which a replay is known; undefined where none is, or the time is not near enough. Compared
 * in constant time, and every secret is tried, whichever is right.
 */
export function rightSignature(scheme: SignatureScheme, request: SignedRequest, now: Instant): string | undefined {
  const timestamp = scheme.timestamp === undefined ? '' : request.header(scheme.timestamp);
  const id = scheme.id === undefined || !scheme.signed.includes('{id}') ? '' : request.header(scheme.id);
  if (timestamp === undefined || id === undefined) return undefined;
  if (scheme.timestamp !== undefined && !isNear(timestamp, now, scheme.tolerance)) return undefined;
  const shown = (request.header(scheme.header) ?? '')
    .split(' ', MOST_SIGNATURES)
    .flatMap(text => (text.startsWith(scheme.prefix) ? [text.slice(scheme.prefix.length)] : []));
  const right = scheme.secrets.map(secret => sign(scheme, secret, { timestamp, id, body: request.body }));
  let found: string | undefined;
  for (const signature of right)
    for (const text of shown) {
      const bytes = Buffer.from(text, scheme.encoding);
      if (bytes.length === signature.length && timingSafeEqual(bytes, signature)) found = signature.toString('hex');
    }
  return found;
}

interface Signed {
  readonly timestamp: string;
  readonly id: string;
  readonly body: Uint8Array;
}

function sign(scheme: SignatureScheme, secret: Secret, parts: Signed): Buffer {
  const hmac = createHmac(scheme.algorithm, keyOf(scheme, secret));
  for (const piece of scheme.signed.split(/(\{(?:body|timestamp|id)\})/)) {
    if (piece === '{body}') hmac.update(parts.body);
    else hmac.update(piece === '{timestamp}' ? parts.timestamp : piece === '{id}' ? parts.id : piece);
  }
  return hmac.digest();
}

function keyOf({ isEncoded }: SignatureScheme, secret: Secret): Buffer {
  const text = secret.reveal();
  return isEncoded === true ? Buffer.from(text.replace(/^whsec_/, ''), 'base64') : Buffer.from(text);
}

function isNear(timestamp: string, now: Instant, tolerance: Milliseconds): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * 1_000 - now) <= tolerance;
}
