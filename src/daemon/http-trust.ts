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
