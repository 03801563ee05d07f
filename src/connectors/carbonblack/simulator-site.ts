import type { Hono } from 'hono';
import type { Instant } from '../../base/clock.ts';

/** What the parts of the simulator share. */
export interface Site {
  readonly app: Hono;
  now(): Instant;
}

/** Sent with every answer (recorded). */
export const HEADERS = {
  Server: 'openresty',
  'Content-Type': 'application/json; charset=utf-8',
  'Cache-Control': 'max-age=0',
  'Strict-Transport-Security': 'max-age=31536000',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};
