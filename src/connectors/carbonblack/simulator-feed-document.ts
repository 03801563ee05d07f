import { isIPv4, isIPv6 } from 'node:net';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';

export interface FeedDocument {
  readonly info: JsonObject;
  readonly reports: readonly FeedReport[];
}

export interface FeedReport {
  readonly id: string;
  readonly title: string;
  readonly link: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly score: number;
  readonly iocs: { readonly [kind: string]: readonly string[] };
}

const INFO = ['name', 'display_name', 'provider_url', 'summary', 'tech_data'];

const IOCS: { readonly [kind: string]: (value: string) => boolean } = {
  // Single addresses only: no networks, no ranges.
  ipv4: isIPv4,
  ipv6: isIPv6,
  dns: value => /^[A-Za-z0-9._-]+$/.test(value),
  md5: value => /^[0-9a-f]{32}$/i.test(value),
  sha256: value => /^[0-9a-f]{64}$/i.test(value),
};

/** A feed as the vendor's cbfeeds validates it, or what is wrong with it. */
export function parseFeedDocument(text: string): FeedDocument | { readonly wrong: string } {
  const document = parsed(text);
  const info = isObject(document) ? document['feedinfo'] : undefined;
  const reports = isObject(document) ? document['reports'] : undefined;
  if (!isObject(info) || !Array.isArray(reports)) return { wrong: 'no feedinfo, or no reports' };
  const missing = INFO.find(name => typeof info[name] !== 'string' || info[name] === '');
  if (missing !== undefined) return { wrong: `feedinfo has no ${missing}` };
  if (!/^[A-Za-z0-9]+$/.test(String(info['name']))) return { wrong: 'the name of a feed has letters and digits only' };
  const read: FeedReport[] = [];
  for (const raw of reports) {
    const report = parseReport(raw as Json);
    if ('wrong' in report) return report;
    if (read.some(({ id }) => id === report.id)) return { wrong: `two reports have the id ${report.id}` };
    read.push(report);
  }
  return { info, reports: read };
}

function parseReport(raw: Json): FeedReport | { readonly wrong: string } {
  if (!isObject(raw)) return { wrong: 'a report is no object' };
  const { id, title, link, timestamp, score, iocs } = raw;
  if (typeof id !== 'string' || !/^[a-zA-Z0-9\-_.]+$/.test(id)) return { wrong: 'a report has no id' };
  if (typeof title !== 'string' || typeof link !== 'string') return { wrong: `${id}: no title, or no link` };
  if (typeof timestamp !== 'number' || !Number.isInteger(timestamp)) return { wrong: `${id}: no timestamp` };
  if (typeof score !== 'number' || score < 0 || score > 100) return { wrong: `${id}: a score is 0 to 100` };
  if (!isObject(iocs)) return { wrong: `${id}: no iocs` };
  const lists: { [kind: string]: readonly string[] } = {};
  for (const [kind, values] of Object.entries(iocs)) {
    const fits = IOCS[kind];
    if (fits === undefined) return { wrong: `${id}: unknown kind of indicator ${kind}` };
    if (!Array.isArray(values) || values.length === 0) return { wrong: `${id}: ${kind} is empty` };
    const bad = (values as readonly Json[]).find(value => typeof value !== 'string' || !fits(value));
    if (bad !== undefined) return { wrong: `${id}: ${JSON.stringify(bad)} is no ${kind}` };
    lists[kind] = values as readonly string[];
  }
  return { id, title, link, timestamp, score, iocs: lists };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
