import type { Instant } from '../../base/clock.ts';
import { formatInstant } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { FeedHit } from './simulator-feeds.ts';

/** An alert, as the lab and tests describe it. */
export interface NewAlert {
  /** The sensor's id; a binary alert names the host only. */
  readonly sensor: number;
  readonly id?: string;
  /** Of the report, 0 to 100. */
  readonly score?: number;
  readonly watchlist?: string;
  readonly watchlistId?: number;
  readonly binary?: boolean;
  readonly status?: string;
  readonly md5?: string;
  readonly sha256?: string;
  readonly process?: string;
  readonly path?: string;
  readonly username?: string;
  readonly created?: Instant;
  /** Raised by a feed, not by a watchlist. */
  readonly hit?: FeedHit;
  /** Of the process; one that is made up if not given. */
  readonly guid?: string;
}

interface Host {
  readonly name: string;
  readonly address: string;
}

/** The product's alert object: keys and types of 7.x for processes (a client's test data), of the bus for binaries. */
export function alertRow(alert: NewAlert & { readonly id: string; readonly created: Instant }, host: Host): JsonObject {
  const { id, created, score = 75, status = 'Unresolved', watchlist = 'Suspicious behaviour', binary = false } = alert;
  const { path = 'c:\\windows\\system32\\svchost.exe', md5 = 'b7f884c1b74a263f746ee12a5f7c9f6a' } = alert;
  const common = {
    unique_id: id,
    created_time: formatInstant(created),
    status,
    sensor_criticality: 3,
    feed_rating: 3,
    ioc_confidence: 0.5,
    report_score: score,
    // Fits every known alert of criticality 3; the general formula is not published.
    alert_severity: score * 0.675,
    os_type: 'windows',
    feed_name: 'My Watchlists',
    feed_id: -1,
    watchlist_name: watchlist,
    watchlist_id: String(alert.watchlistId ?? 19),
    ioc_type: 'query',
    ioc_attr: '{"highlights":["PREPREPREsvchost.exePOSTPOSTPOST"]}',
    hostname: host.name,
    group: 'default group',
    _version_: null,
  };
  if (binary) {
    return {
      ...common,
      alert_type: 'watchlist.hit.query.binary',
      md5: md5.toUpperCase(),
      digsig_result: 'Unsigned',
      observed_filename: [path],
      observed_filename_total_count: 1,
      host_count: 1,
      other_hostnames: [],
    };
  }
  const process = alert.guid ?? `${alert.sensor.toString(16).padStart(8, '0')}-0000-1218-01d9-ad301d276ff2`;
  return {
    ...common,
    alert_type: 'watchlist.hit.query.process',
    username: alert.username ?? 'SYSTEM',
    process_name: alert.process ?? path.split('\\').at(-1) ?? path,
    process_path: path,
    process_id: process,
    process_unique_id: `${process}-018918a066af`,
    segment_id: 1688335312559,
    md5,
    sha256: alert.sha256 ?? 'add683a6910abbbf0e28b557fad0ba998166394932ae2aca069d9aa19ea8fe88',
    modload_count: 63,
    filemod_count: 10,
    regmod_count: 4,
    netconn_count: 0,
    childproc_count: 0,
    crossproc_count: 0,
    fileless_scriptload_count: 0,
    sensor_id: alert.sensor,
    comms_ip: host.address,
    interface_ip: host.address,
    total_hosts: 1,
    ...(alert.hit === undefined ? {} : hitFields(alert.hit, host)),
  };
}

/**
 * What is another way in an alert of a feed: the report stands in place of the watchlist. Its `alert_type` and that are in
 * a client's test data; what the attributes hold, in hits on the bus.
 */
function hitFields({ feed, report, ioc }: FeedHit, host: Host): JsonObject {
  const attributes = {
    local_ip: host.address,
    local_port: 52_802,
    remote_ip: ioc.type === 'ipv4' ? ioc.value : '203.0.113.80',
    remote_port: 443,
    port: 443,
    protocol: 'TCP',
    direction: 'Outbound',
    dns_name: ioc.type === 'dns' ? ioc.value : '',
  };
  return {
    alert_type: 'watchlist.hit.ingress.process',
    feed_id: feed.id,
    feed_name: feed.name,
    watchlist_id: report.id,
    watchlist_name: report.title,
    ioc_type: ioc.type,
    ioc_value: ioc.value,
    ioc_attr: JSON.stringify(ioc.type === 'md5' ? {} : attributes),
    link: report.link,
  };
}

/** What a search asks for; parameters as the product names them. */
export function searchAlerts(
  rows: readonly JsonObject[],
  asked: URLSearchParams,
): { readonly total: number; readonly page: readonly JsonObject[] } {
  const status = asked.get('cb.fq.status');
  const id = asked.get('cb.fq.unique_id');
  const range = asked.get('cb.q.created_time');
  const terms = asked.get('q') ?? '';
  const found = rows
    .filter(row => status === null || row['status'] === status)
    .filter(row => id === null || row['unique_id'] === id)
    .filter(row => range === null || isWithin(row['created_time'], range))
    .filter(row => isMatch(row, terms));
  const direction = asked.get('sort') === 'created_time asc' ? 1 : -1;
  const sorted = found.toSorted((a, b) => direction * (createdOf(a) - createdOf(b)));
  const start = Number(asked.get('start') ?? 0);
  const count = Math.min(Number(asked.get('rows') ?? 10), 1_000);
  return { total: found.length, page: sorted.slice(start, start + count) };
}

/** JSON text with `_version_` as the product writes it: a number beyond 2^53, which parsing in JavaScript corrupts. */
export function alertJson(value: Json): string {
  let version = 1_770_348_406_822_141_952n;
  return JSON.stringify(value).replaceAll('"_version_":null', () => `"_version_":${version++}`);
}

/** `[2023-07-02T22:00:00.000Z TO *]` */
function isWithin(created: Json | undefined, range: string): boolean {
  const [, from = '*', to = '*'] = range.match(/^\[(\S+) TO (\S+)\]$/) ?? [];
  const at = Date.parse(String(created));
  return (from === '*' || at >= Date.parse(from)) && (to === '*' || at <= Date.parse(to));
}

/** `field:value` and `field:"value"`, joined by OR. */
function isMatch(row: JsonObject, query: string): boolean {
  if (query === '') return true;
  return query.split(/ or /i).some(term => {
    const [, field = '', quoted, plain] = term.trim().match(/^(\w+):(?:"([^"]*)"|(\S+))$/) ?? [];
    return String(row[field] ?? '') === (quoted ?? plain);
  });
}

function createdOf(row: JsonObject): number {
  return Date.parse(String(row['created_time']));
}

/** The status that an update asks for, or undefined where its body makes no sense. */
export function statusIn(body: Json): string | undefined {
  const status = isObject(body) ? body['status'] : undefined;
  return typeof status === 'string' ? status : undefined;
}
