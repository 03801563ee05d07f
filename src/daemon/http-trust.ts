import type { TLSSocket } from 'node:tls';
import type { Trust } from '../base/http.ts';
import { HttpTrouble } from '../base/http.ts';

/** For `tls.connect`: the authorities to trust, and whether the chain decides. A pinned certificate is compared afterwards. */
export function tlsOptions({ ca, pinned, insecure }: Trust): {
  readonly ca?: string;
  readonly rejectUnauthorized?: false;
} {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(pinned === undefined && insecure === undefined ? {} : { rejectUnauthorized: false }),
  };
}

/** What is wrong with the certificate that was shown, where one is pinned; nothing has been sent yet. */
export function pinTrouble(socket: Partial<TLSSocket>, { pinned }: Trust): HttpTrouble | undefined {
  if (pinned === undefined) return undefined;
  const shown = plain(socket.getPeerX509Certificate?.()?.fingerprint256 ?? '');
  if (shown === plain(pinned)) return undefined;
  const message = `the certificate is not the pinned one; its fingerprint is ${shown === '' ? 'unknown' : shown}`;
  return new HttpTrouble('auth', message, false);
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}

/**
 * Whether an error says that the other side could not prove who it is. Codes: nodejs.org, TLS, "X509 certificate error
 * codes", which come unprefixed from OpenSSL, and `ERR_TLS_CERT_ALTNAME_INVALID` of Node's own check of the name.
 */
export function isCertificateError(code: string): boolean {
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID' || CERTIFICATE_CODES.has(code);
}

const CERTIFICATE_CODES: ReadonlySet<string> = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
