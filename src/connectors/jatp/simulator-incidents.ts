import type { Instant } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { canonical } from '../../base/json.ts';
import type { Fields } from './settings.ts';
import type { Outcome, Parameters, Site } from './simulator-site.ts';
import { written } from './simulator-site.ts';

/** A detection, as the lab and tests describe it. */
export interface Detection {
  readonly type: 'http' | 'email' | 'cnc' | 'submission' | 'exploit' | 'datatheft';
  /** In `cnc` the server. */
  readonly src?: string;
  /** In `cnc` the victim. */
  readonly dst?: string;
  readonly srcHost?: string;
  readonly dstHost?: string;
  readonly dstUser?: string;
  readonly name?: string;
  readonly category?: string;
  readonly severity?: number;
  readonly malwareSeverity?: number;
  readonly sha1?: string;
  readonly file?: string;
  readonly url?: string;
  readonly servers?: readonly string[];
  readonly at?: Instant;
}

export interface IncidentControls {
  /** Gives the id of the incident that it became a part of: one of the same endpoint within five minutes, or a new one. */
  detect(detection: Detection): number;
}

interface Incident {
  readonly id: number;
  readonly endpoint: string;
  last: Instant;
  row: JsonObject;
  status: string;
  readonly comments: string[];
}

export interface Incidents extends IncidentControls {
  incidents(asked: Parameters): Outcome;
  events(asked: Parameters): Outcome;
  comment(asked: Parameters): Outcome;
  state(): JsonObject;
}

/** Events of the same endpoint within five minutes are one incident (vendor). */
const TOGETHER = 300_000;
const STATUSES = ['new', 'acknowledged', 'in_progress', 'complete'];

/** Rows as far as they are known, and under `fields` what is not; what the alerts have empty is empty here too. */
export function openIncidents(site: Site, fields: Fields): Incidents {
  const incidents: Incident[] = [];
  const events: { readonly at: Instant; readonly row: JsonObject }[] = [];

  function rowOf(detection: Detection, at: Instant): JsonObject {
    const { type, src, dst, srcHost, dstHost, dstUser, name, category, malwareSeverity, sha1, file, url } = detection;
    const row: { readonly [name: string]: Json | undefined } = {
      [fields.time]: written(at),
      [fields.type]: type,
      [fields.name]: name ?? 'TROJAN_Zemot.CY',
      [fields.category]: category,
      [fields.severity]: detection.severity ?? 7,
      [fields.src]: src ?? '',
      [fields.dst]: dst ?? '',
      [fields.src_host]: srcHost ?? '',
      [fields.dst_host]: dstHost ?? '',
      [fields.src_user]: '',
      [fields.dst_user]: dstUser ?? '',
      [fields.malware_severity]: malwareSeverity === undefined ? undefined : String(malwareSeverity),
      [fields.sha1]: sha1,
      [fields.file]: file,
      [fields.url]: url,
      [fields.servers]: detection.servers?.join(' '),
    };
    return Object.fromEntries(Object.entries(row).filter((entry): entry is [string, Json] => entry[1] !== undefined));
  }

  function detect(detection: Detection): number {
    const at = detection.at ?? site.now();
    const row = rowOf(detection, at);
    events.push({ at, row: { [fields.event]: 13_000 + events.length, ...row } });
    const endpoint = canonical([detection.dst ?? '', detection.dstHost ?? '']);
    const joined = incidents.find(one => one.endpoint === endpoint && Math.abs(at - one.last) <= TOGETHER);
    if (joined !== undefined) {
      joined.last = at;
      joined.row = { ...joined.row, [fields.time]: written(at) };
      return joined.id;
    }
    const id = 1_003 + incidents.length;
    incidents.push({ id, endpoint, last: at, row, status: 'new', comments: [] });
    return id;
  }

  return {
    detect,
    incidents(asked) {
      const isWithin = windowOf(asked);
      if (isWithin === undefined) return { failure: 'interval_sec and end_time_sec must be numbers' };
      const rows = incidents
        .filter(({ last }) => isWithin(last))
        // A number here, a text there (Splunk's client casts).
        .map(({ id, row, status }) => ({
          [fields.incident]: id % 2 === 0 ? id : String(id),
          ...row,
          [fields.status]: status,
        }));
      return { ok: { incident_array: rows } };
    },
    events(asked) {
      const isWithin = windowOf(asked);
      if (isWithin === undefined) return { failure: 'interval_sec and end_time_sec must be numbers' };
      return { ok: { [fields.events]: events.filter(({ at }) => isWithin(at)).map(({ row }) => row) } };
    },
    comment(asked) {
      const incident = incidents.find(({ id }) => String(id) === asked.get('incident_id'));
      if (incident === undefined) return { failure: 'no such incident' };
      const status = asked.get('status') ?? '';
      if (!STATUSES.includes(status) || !STATUSES.includes(asked.get('last_status') ?? ''))
        return { failure: 'invalid status' };
      incident.status = status;
      incident.comments.push(asked.get('comments') ?? '');
      return { ok: {} };
    },
    state: () => ({
      incidents: Object.fromEntries(incidents.map(({ id, status, comments }) => [String(id), { status, comments }])),
    }),
  };
}

function windowOf(asked: Parameters): ((at: Instant) => boolean) | undefined {
  const [interval, end] = ['interval_sec', 'end_time_sec'].map(name => Number(asked.get(name) ?? Number.NaN) * 1_000);
  if (interval === undefined || end === undefined || Number.isNaN(interval + end)) return undefined;
  return at => at <= end && at >= end - interval;
}
