import type { Instant } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';

/** What an operation is given: the form of a POST, or the query of a GET. */
export type Parameters = ReadonlyMap<string, string>;

/** What an operation answers: fields beside the status, or why it failed. */
export type Outcome = { readonly ok: JsonObject } | { readonly failure: string };

/** What the parts of the simulator share. */
export interface Site {
  now(): Instant;
}

/** Sent with every answer; names and types as SOAR's client declares them. */
const EXTRAS: JsonObject = {
  session_timeout_sec: 36_000,
  server_ip: '192.0.2.25',
  server_name: 'jatp-cm',
  max_cook_size: 33_554_432,
  status_correlation_on: 1,
  status_downstream_web_collector: 0,
  status_fc_on: 1,
  status_hre_on: 1,
  status_internet_on: 1,
  status_mode: 0,
  status_sc_on: 1,
  status_sigeng_on: 1,
  status_web_collector: 1,
};

/** A failure is a 200 too, and negative (vendor). */
export function envelope(outcome: Outcome): Response {
  if ('failure' in outcome) return Response.json({ status: -1, error_msg: outcome.failure });
  return Response.json({ ...outcome.ok, ...EXTRAS, status: 0 });
}

/** As the alerts write it: `2026-11-24 09:00:00.000+00`. */
export function written(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, -1).replace('T', ' ')}+00`;
}

/** Fields as texts: that is how SOAR's client has all of an analysis. */
export function asTexts(fields: { readonly [name: string]: Json | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value === null ? null : String(value as string | number | boolean)] as const],
    ),
  );
}
