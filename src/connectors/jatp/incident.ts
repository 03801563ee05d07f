import type { Json, JsonObject } from '../../base/json.ts';
import type { JsonSchema } from '../../base/schema.ts';
import type { Draft, EventType, STAGES } from '../../event/event.ts';
import { eventSchema } from '../../event/event.ts';
import type { Row, Side } from './row.ts';
import { compact, victimOf } from './row.ts';
import type { Settings } from './settings.ts';
import { linkTo, networksOf } from './settings.ts';

export type Stage = (typeof STAGES)[number];

/** Where in the kill chain each type of alert belongs. A submission is a person's question. */
const STAGE_OF: ReadonlyMap<string, Stage> = new Map([
  ['http', 'delivery'],
  ['email', 'delivery'],
  ['exploit', 'exploitation'],
  ['cnc', 'command-and-control'],
  ['datatheft', 'actions-on-objectives'],
]);

export function stageOf({ type }: Row): Stage | undefined {
  return type === undefined ? undefined : STAGE_OF.get(type);
}

const incidentProperties = {
  id: { type: 'string' },
  type: { type: 'string', description: 'http, email, cnc, submission, exploit, datatheft' },
  status: { type: 'string', description: 'new, acknowledged, in_progress, complete' },
  category: { type: 'string', description: 'of the malware, for example Trojan_DataTheft' },
  alert_severity: { type: 'number', description: "of the alert; the scale's end points are not documented" },
  malware_severity: { type: 'number', minimum: 0, maximum: 1 },
  servers: { type: 'array', items: { type: 'string', format: 'ip' }, description: 'command-and-control servers' },
  urls: { type: 'array', items: { type: 'string' } },
  link: { type: 'string' },
} as const satisfies { readonly [name: string]: JsonSchema };

export const incidentType: EventType = {
  name: 'jatp.incident',
  description: 'A new incident: events of one host within five minutes.',
  schema: eventSchema({ incident: { type: 'object', properties: incidentProperties, required: ['id'] } }, ['incident']),
};

/** The event of an incident whose id and time are known. JATP watches and stops nothing, so all is `detected`. */
export function incidentDraft(row: Row & { readonly id: string; readonly time: string }, settings: Settings): Draft {
  const victim = victimOf(row, networksOf(settings));
  const { id, time, type, status, name, category, severity, malwareSeverity, servers, urls, sha1, file, raw } = row;
  const [url] = urls;
  return {
    id,
    type: incidentType.name,
    time,
    disposition: 'detected',
    ...compact({
      stage: stageOf(row),
      severity: severityOf(row),
      host: victim === undefined ? undefined : hostOf(victim),
      user: victim?.user === undefined ? undefined : { name: victim.user },
      source: endOf(row.src),
      destination: endOf(row.dst),
      url,
      file: filled({ name: file, hash: sha1 === undefined ? undefined : { sha1 } }),
      rule: filled({ name }),
    }),
    observer: { vendor: 'Juniper', product: 'JATP' },
    incident: filled({
      id,
      type,
      status,
      category,
      alert_severity: severity,
      malware_severity: malwareSeverity,
      servers: servers.length === 0 ? undefined : servers,
      urls: urls.length === 0 ? undefined : urls,
      link: linkTo(settings, 'incident_id', id),
    }) ?? { id },
    raw,
  };
}

/** 0 to 100: of the malware where it is known, else of the alert, taken to be out of 10. The two do not follow from each other. */
export function severityOf({ severity, malwareSeverity }: Row): number | undefined {
  if (malwareSeverity !== undefined) return Math.round(malwareSeverity * 100);
  return severity === undefined ? undefined : Math.min(severity * 10, 100);
}

function hostOf({ ip, host }: Side): JsonObject {
  return filled({ name: host, ip: ip === undefined ? undefined : [ip] }) ?? {};
}

function endOf({ ip, host }: Side): JsonObject | undefined {
  return filled({ ip, domain: host });
}

/** Undefined where nothing is in it. */
function filled(object: { readonly [name: string]: Json | undefined }): JsonObject | undefined {
  const kept = Object.entries(object).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
