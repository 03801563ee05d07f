import { createHash } from 'node:crypto';
import type { Instant } from '../base/clock.ts';

/** What is served under one path. */
export interface Content {
  readonly bytes: Buffer;
  readonly etag: string;
  /** In whole seconds, as HTTP has it. */
  readonly modified: Instant;
}

/**
 * Keeps what is served until it is another. Which header a firewall goes by is not known, so all of them change with the
 * content, and never without it: the time moves on by a second at least, and whoever makes the bytes is told the length
 * that they must not have where they can help it.
 */
export class Shelf {
  readonly #contents = new Map<string, { readonly stamp: string; readonly content: Content }>();

  /** `stamp` says what the content depends on; `make` is called only where that is another. */
  get(
    path: string,
    stamp: string,
    now: Instant,
    make: (how: { readonly modified: Instant; readonly avoid: number | undefined }) => Buffer | string,
  ): Content {
    const before = this.#contents.get(path);
    if (before?.stamp === stamp) return before.content;
    const second = Math.floor(now / 1_000) * 1_000;
    const modified = before === undefined ? second : Math.max(second, before.content.modified + 1_000);
    const bytes = Buffer.from(make({ modified, avoid: before?.content.bytes.length }));
    const content = { bytes, etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`, modified };
    this.#contents.set(path, { stamp, content });
    return content;
  }
}

/** The answer to a GET or a HEAD: the same headers for both (RFC 9110, 9.3.2), and 304 for whoever has it. */
export function serveContent(request: Request, { bytes, etag, modified }: Content, type: string): Response {
  const headers = {
    etag,
    'last-modified': new Date(modified).toUTCString(),
    'cache-control': 'no-cache',
    'content-type': type,
    'x-content-type-options': 'nosniff',
  };
  if (isFresh(request, etag, modified)) return new Response(null, { status: 304, headers });
  const whole = { ...headers, 'content-length': String(bytes.length) };
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(bytes), { status: 200, headers: whole });
}

/** RFC 9110, 13.2.2: a tag counts before a time. */
function isFresh(request: Request, etag: string, modified: Instant): boolean {
  const tags = request.headers.get('if-none-match');
  if (tags !== null) return tags.trim() === '*' || tags.split(',').some(tag => tag.trim().replace(/^W\//, '') === etag);
  const since = Date.parse(request.headers.get('if-modified-since') ?? '');
  return !Number.isNaN(since) && modified <= since;
}
