import { isIP } from 'node:net';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { Draft } from '../../event/event.ts';
import { compact } from '../../event/line-fields.ts';
import { ALERT_STATUSES, alertStatusType, alertType } from './events.ts';
import { parseTime } from './time.ts';
import { withoutLost } from './whole-numbers.ts';

/** An alert of the product that can be made into events. */
export interface Alert {
  readonly id: string;
  readonly status: string;
  readonly created: string;
  readonly raw: JsonObject;
}

export const STATUSES: ReadonlySet<string> = new Set(ALERT_STATUSES);
const CLOSED: ReadonlySet<string> = new Set(['Resolved', 'False Positive']);

export function isClosed(status: string): boolean {
  return CLOSED.has(status);
}

/** Ids are UUIDs. Anything else could be read as a part of a query. */
export function isAlertId(id: string): boolean {
  return /^[0-9A-Za-z][0-9A-Za-z-]*$/.test(id);
}

/** The parts that everything else hangs on, or why they are not there. */
export function parseAlert(raw: JsonObject): Alert | { readonly reason: string } {
  const { unique_id: id, status, created_time } = raw;
  const created = parseTime(created_time);
  if (typeof id !== 'string' || id === '') return { reason: 'no unique_id' };
  if (typeof status !== 'string' || !STATUSES.has(status))
    return { reason: `unknown status ${JSON.stringify(status ?? null)}` };
  if (created === undefined) return { reason: `created_time ${JSON.stringify(created_time ?? null)} is no time` };
  return { id, status, created, raw };
}

export function alertDraft(alert: Alert): Draft {
  return { ...fields(alert.raw), id: alert.id, type: alertType.name, time: alert.created, alert: alertFields(alert) };
}

/** `change` counts the changes of this alert from 1, so that a change that is seen again has the same id. */
export function statusDraft(
  alert: Alert,
  { previous, change, seen }: { readonly previous: string; readonly change: number; readonly seen: string },
): Draft {
  const resolved = alert.status === 'Resolved' ? parseTime(alert.raw['resolved_time']) : undefined;
  return {
    ...fields(alert.raw),
    id: `${alert.id}#${change}`,
    type: alertStatusType.name,
    time: resolved ?? seen,
    alert: { ...alertFields(alert), previous },
  };
}

function alertFields({ id, status, raw }: Alert): JsonObject {
  return compact({
    id,
    status,
    type: text(raw['alert_type']),
    score: number(raw['report_score']),
    ioc: compact({ type: text(raw['ioc_type']), value: text(raw['ioc_value']) }),
    feed: feedOf(raw),
    group: text(raw['group']),
    link: text(raw['link']),
  });
}

/** Elastic Common Schema names for the product's. A value that does not fit its field's format stays in `raw` only. */
function fields(raw: JsonObject): JsonObject {
  const [observed] = Array.isArray(raw['observed_filename']) ? (raw['observed_filename'] as readonly Json[]) : [];
  const path = text(raw['process_path']) ?? text(observed);
  const hash = compact({ md5: hex(raw['md5'], 32), sha256: hex(raw['sha256'], 64) });
  const process = compact({
    name: text(raw['process_name']),
    executable: text(raw['process_path']),
    entity_id: text(raw['process_unique_id']),
  });
  return compact({
    severity: Math.min(Math.max(number(raw['alert_severity']) ?? 0, 0), 100),
    disposition: 'detected',
    host: compact({
      name: text(raw['hostname']),
      sensor_id: sensorId(raw['sensor_id']),
      // Not comms_ip: that is what the server saw, behind NAT another host's.
      ip: addresses(raw['interface_ip']),
    }),
    user: user(text(raw['username'])),
    destination: destination(raw),
    process: Object.keys(process).length === 0 ? {} : compact({ ...process, hash }),
    file: compact({ name: path === undefined ? undefined : fileName(path), path, hash }),
    rule: compact({ id: text(raw['watchlist_id']), name: ruleName(raw) }),
    observer: { vendor: 'Carbon Black', product: 'Carbon Black EDR' },
    raw: withoutVersion(raw),
  });
}

/** The feed that has hit, and which of its reports. A watchlist's hit has none. */
function feedOf(raw: JsonObject): JsonObject | undefined {
  const id = number(raw['feed_id']);
  if (id === undefined || id <= 0) return undefined;
  return compact({ id, name: text(raw['feed_name']), report: text(raw['watchlist_id']) });
}

/** What the process spoke to, where that is what a feed has hit: the indicator, and what the hit says beside it. */
function destination(raw: JsonObject): JsonObject | undefined {
  const type = text(raw['ioc_type']);
  if (type !== 'ipv4' && type !== 'ipv6' && type !== 'dns') return undefined;
  const value = text(raw['ioc_value']);
  const attributes = attributesOf(raw['ioc_attr']);
  const ip = address(type === 'dns' ? attributes['remote_ip'] : value);
  const port = number(attributes['remote_port']);
  return compact({
    ip,
    domain: type === 'dns' ? value : undefined,
    port: port !== undefined && Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined,
  });
}

/** JSON in a text, in alerts; an object in other messages. */
function attributesOf(value: unknown): JsonObject {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return {};
  try {
    const parsed = JSON.parse(value) as Json;
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

/** Watchlist hits all have feed -1, "My Watchlists"; feed hits have the report in place of the watchlist. */
function ruleName(raw: JsonObject): string | undefined {
  const feed = number(raw['feed_id']);
  const [first, second] =
    feed !== undefined && feed > 0 ? ['feed_name', 'watchlist_name'] : ['watchlist_name', 'feed_name'];
  return text(raw[first]) ?? text(raw[second]);
}

/** `_version_` is beyond 2^53: parsed, it is another number. So may others be. */
function withoutVersion({ _version_, ...rest }: JsonObject): JsonObject {
  return withoutLost(rest);
}

export function user(name: string | undefined): JsonObject | undefined {
  const [, domain, short] = name?.match(/^([^\\]+)\\(.+)$/s) ?? [];
  return compact({ name: short ?? name, domain });
}

export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) || path;
}

export function sensorId(value: unknown): string | undefined {
  const id = number(value);
  return id !== undefined && Number.isSafeInteger(id) && id > 0 ? String(id) : undefined;
}

/** A host may have several; an end of a connection is one. */
function addresses(value: unknown): Json | undefined {
  const one = address(value);
  return one === undefined ? undefined : [one];
}

export function address(value: unknown): string | undefined {
  return typeof value === 'string' && isIP(value) !== 0 ? value : undefined;
}

export function hex(value: unknown, length: number): string | undefined {
  return typeof value === 'string' && value.length === length && /^[0-9a-f]+$/i.test(value)
    ? value.toLowerCase()
    : undefined;
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Numbers of the bus are text. */
export function number(value: unknown): number | undefined {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : undefined;
}
