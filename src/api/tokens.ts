import { createHash, randomBytes } from 'node:crypto';
import type { Instant } from '../base/clock.ts';
import type { Store } from '../engine/ports.ts';

/** So that people and secret scanners recognise one. */
const PREFIX = 'backline_';
const BYTES = 32;

/** Who acts on a machine of one's own before any token was made. */
export const LOCAL = 'local';

const LONGEST_NAME = 64;

/** Why nobody can have a token of this name. */
export function nameProblem(name: string): string | undefined {
  if (name === '' || name.length > LONGEST_NAME) return `the name of a token has 1 to ${LONGEST_NAME} characters`;
  return name === LOCAL ? `"${LOCAL}" is the name of whoever asks before there is a token` : undefined;
}

/** Makes a name's token and keeps its hash alone; an earlier token of that name is no longer valid. */
export async function createToken(store: Store, name: string, at: Instant): Promise<string> {
  const token = PREFIX + randomBytes(BYTES).toString('base64url');
  await store.note([{ kind: 'token', name, hash: hashOf(token), at }]);
  return token;
}

export async function revokeToken(store: Store, name: string, at: Instant): Promise<void> {
  await store.note([{ kind: 'token-revoked', name, at }]);
}

/** Whose token it is. Random tokens need no salt, and looking one up by its hash tells nothing by its time. */
export async function nameOf(store: Store, token: string): Promise<string | undefined> {
  return store.query.token(hashOf(token));
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
