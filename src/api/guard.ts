import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import type { Secret } from '../base/secret.ts';
import type { Store } from '../engine/ports.ts';
import { ApiProblem } from './problem.ts';
import { LOCAL, nameOf } from './tokens.ts';

/** What the guards leave for the routes: who asks. */
export interface Variables {
  readonly person: string;
}
export type ApiContext = Context<{ Variables: Variables }>;

const CHALLENGE = { headers: { 'www-authenticate': 'Bearer' } };

/**
 * A page in a browser may reach a daemon on the same machine: under a name of its own that it makes point here, or across
 * origins. Neither passes: `Host` must be a name that the daemon is known by, and so must `Origin` where there is one.
 */
export function knownHosts(isLoopback: boolean, url: () => string): MiddlewareHandler {
  return async (c, next) => {
    const known = new Set(['127.0.0.1', 'localhost', '[::1]', hostname(url())]);
    const host = hostname(`http://${c.req.header('host') ?? ''}`);
    if (isLoopback && !known.has(host))
      throw new ApiProblem(403, 'the Host header names another host: DNS rebinding is refused');
    const origin = c.req.header('origin');
    const from = origin === undefined ? undefined : hostname(origin);
    if (from !== undefined && from !== host && !known.has(from))
      throw new ApiProblem(403, 'requests from pages of other origins are refused');
    await next();
  };
}

/** A bearer token says who asks. While there is none and only this machine can ask, it is {@link LOCAL}. */
export function authenticated(store: Store, isLoopback: boolean): MiddlewareHandler<{ Variables: Variables }> {
  return async (c, next) => {
    const token = bearerOf(c);
    const name = token === undefined ? undefined : await nameOf(store, token);
    if (name !== undefined) c.set('person', name);
    else if (token === undefined && isLoopback && (await store.query.tokens()).length === 0) c.set('person', LOCAL);
    else
      throw new ApiProblem(401, token === undefined ? 'a bearer token is needed' : 'the token is not valid', CHALLENGE);
    await next();
  };
}

/** The token of a webhook, compared in constant time. */
export function showsToken(c: Context, secret: Secret): void {
  const token = bearerOf(c);
  const isRight = token !== undefined && timingSafeEqual(digest(token), digest(secret.reveal()));
  if (!isRight)
    throw new ApiProblem(401, token === undefined ? 'a bearer token is needed' : 'the token is not valid', CHALLENGE);
}

function bearerOf(c: Context): string | undefined {
  return /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function hostname(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}
