import type { Instant } from '../../base/clock.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Settings } from './settings.ts';

/** A host that is to be reported. */
export interface Report {
  readonly host: string;
  readonly reason: string;
  readonly ip?: string;
  readonly severity?: number;
  readonly user?: string;
  readonly process?: string;
  readonly md5?: string;
  readonly alert?: string;
}

/**
 * The line for a collector: a header as in RFC 3164, and the alert as Carbon Black's forwarder writes it (its own field
 * names), since JATP names Carbon Black as a source it can read. What its parser really expects is not documented.
 */
export function reportLine(
  report: Report,
  { syslog_form: form = 'json', syslog_host: host = 'backline' }: Settings,
  now: Instant,
): string {
  const fields = fieldsOf(report, now);
  const body = form === 'json' ? JSON.stringify(fields) : leef(fields);
  return `<${PRIORITY}>${timestamp(now)} ${printable(host)} ${TAG}: ${body}`;
}

/** local0.info, as JATP's own alerts have it. */
const PRIORITY = 134;
const TAG = 'cb-event-forwarder';
const TYPE = 'alert.watchlist.hit.query.process';
/** The forwarder's, where the server's version is not known. */
const VERSION = '5.1';

function fieldsOf(report: Report, now: Instant): JsonObject {
  const { host, reason, ip, severity, user, process, md5, alert } = report;
  return {
    alert_type: 'watchlist.hit.query.process',
    cb_server: 'backline',
    computer_name: host,
    created_time: new Date(now).toISOString(),
    hostname: host,
    ...(ip === undefined ? {} : { interface_ip: ip }),
    ...(md5 === undefined ? {} : { md5: md5.toUpperCase() }),
    ...(process === undefined ? {} : { process_name: process }),
    ...(severity === undefined ? {} : { alert_severity: severity }),
    status: 'Unresolved',
    timestamp: Math.floor(now / 1_000),
    type: TYPE,
    ...(alert === undefined ? {} : { unique_id: alert }),
    ...(user === undefined ? {} : { username: user }),
    watchlist_name: reason,
  };
}

/** As the forwarder encodes it: keys in order, joined by tabs, escaped with a backslash. */
function leef(fields: JsonObject): string {
  const pairs = Object.entries({ ...fields, cb_version: VERSION })
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${escaped(String(value as string | number))}`);
  return `LEEF:1.0|CB|CB|${VERSION}|${TYPE}|${pairs.join('\t')}`;
}

function escaped(text: string): string {
  return text.replace(/[\\\n\r\t=]/g, char => ESCAPES.get(char) ?? char);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['=', '\\='],
]);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Nov  4 09:00:00`, in UTC: the header has no zone. */
function timestamp(now: Instant): string {
  const date = new Date(now);
  const day = String(date.getUTCDate()).padStart(2, ' ');
  return `${MONTHS[date.getUTCMonth()] ?? ''} ${day} ${date.toISOString().slice(11, 19)}`;
}

/** A header's name has no blank. */
function printable(text: string): string {
  return text.replaceAll(/[^!-~]/g, '-');
}
