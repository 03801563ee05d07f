import type { Context } from 'hono';
import type { Clock } from '../base/clock.ts';
import type { Secret } from '../base/secret.ts';
import type { SignatureScheme } from '../sources/signature.ts';
import { rightSignature } from '../sources/signature.ts';
import { showsToken } from './guard.ts';
import { ApiProblem } from './problem.ts';

/** How the sender of a webhook proves who it is. */
export type Proof = { readonly token: Secret } | { readonly signature: SignatureScheme };

/**
 * Throws where a request is not from whom it should be. Gives the signature, by which it is known when it comes again. What
 * exactly is wrong is for nobody but the sender's owner, who has the secret: the answer does not say.
 */
export function proven(proof: Proof, c: Context, body: Uint8Array, clock: Clock): string | undefined {
  if ('token' in proof) {
    showsToken(c, proof.token);
    return undefined;
  }
  const request = { header: (name: string) => c.req.header(name), body };
  const signature = rightSignature(proof.signature, request, clock.now());
  if (signature === undefined) throw new ApiProblem(401, 'the request is not proven');
  return signature;
}
