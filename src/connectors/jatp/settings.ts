import { didYouMean } from '../../base/did-you-mean.ts';
import { parseDuration } from '../../base/duration.ts';
import type { Outlet } from '../../base/lines.ts';
import { parseCollector } from '../../base/lines.ts';
import type { Network } from '../../base/network.ts';
import { PRIVATE_NETWORKS, parseNetwork } from '../../base/network.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';

export const settings = {
  type: 'object',
  properties: {
    url: {
      type: 'string',
      minLength: 1,
      description: 'of the Central Manager or a Core, for example https://jatp.example.org; collectors have no API',
    },
    key: { type: 'string', minLength: 1, 'x-secret': true, description: 'API key of a user, sent as it is' },
    ca: { type: 'string', description: "PEM of the authorities to trust; the appliance's certificate is its own" },
    pinned: { type: 'string', minLength: 64, description: 'SHA-256 fingerprint of the one certificate to trust' },
    since: {
      type: 'string',
      description: 'where the first poll for incidents starts: "now" (default) or a time as in RFC 3339',
    },
    overlap: { type: 'string', format: 'duration', description: 'how far each poll looks back; 24h' },
    max_risk: { type: 'number', description: 'sent as max_risk_value; 1, as the one known client does' },
    largest: { type: 'integer', minimum: 1, description: 'bytes of a file that is sent; 15728640' },
    syslog: {
      type: 'string',
      minLength: 1,
      description:
        'where infected hosts are reported: tcp://host:port, tls://host:port or udp://host:port of a collector',
    },
    syslog_form: {
      type: 'string',
      enum: ['json', 'leef'],
      description: "form of the report, as Carbon Black's forwarder writes it; json",
    },
    syslog_framing: {
      type: 'string',
      enum: ['newline', 'octets'],
      description: 'how lines are told apart over tcp and tls; newline',
    },
    syslog_host: { type: 'string', minLength: 1, description: 'name of the sender in the header; backline' },
    networks: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      description: 'your own networks, which tell whose side of a connection is yours; the private ranges',
    },
    console: { type: 'string', minLength: 1, description: 'path of the web console, for links; /admin/index.html' },
    fields: {
      type: 'object',
      description: 'what incidents and events call their fields, where it differs from the default (see the README)',
    },
  },
  required: ['url', 'key'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Settings = FromSchema<typeof settings>;

/**
 * Names of fields. Of the API's rows `incident_id` and `last_activity_time` are known; the others are those of the vendor's
 * alerts (CEF guide), or plain words where the alert has the value in its header.
 */
export const FIELDS = {
  incident: 'incident_id',
  event: 'event_id',
  events: 'event_array',
  time: 'last_activity_time',
  type: 'type',
  name: 'name',
  severity: 'severity',
  status: 'status',
  src: 'src',
  dst: 'dst',
  src_host: 'src_hostname',
  dst_host: 'dst_hostname',
  src_user: 'src_username',
  dst_user: 'dst_username',
  url: 'url',
  sha1: 'fileHash',
  file: 'fileName',
  malware_severity: 'malwareSeverity',
  category: 'malwareCategory',
  servers: 'cncServers',
} as const;

export type Fields = { readonly [name in keyof typeof FIELDS]: string };

/** Throws where a name is none of ours, or not a text: the schema has no word for a map. */
export function fieldsOf({ fields = {} }: Settings): Fields {
  const known = Object.keys(FIELDS);
  for (const [name, field] of Object.entries(fields)) {
    if (!known.includes(name)) throw new Error(`fields: unknown field "${name}"${didYouMean(name, known)}`);
    if (typeof field !== 'string' || field === '') throw new Error(`fields.${name}: must be the name of a field`);
  }
  return { ...FIELDS, ...(fields as Partial<Fields>) };
}

/** Throws where a network cannot be read. */
export function networksOf({ networks }: Settings): readonly Network[] {
  if (networks === undefined) return PRIVATE_NETWORKS;
  return networks.map(text => {
    const network = parseNetwork(text);
    if (network === undefined) throw new Error(`networks: ${JSON.stringify(text)} is no address and no network`);
    return network;
  });
}

/** Where reports go; undefined where the settings do not say. Throws where the place makes no sense. */
export function outletOf({ syslog, syslog_framing: framing, ca }: Settings): Outlet | undefined {
  if (syslog === undefined) return undefined;
  const collector = parseCollector(syslog);
  if (collector === undefined)
    throw new Error(
      `syslog: must be tcp://host:port, tls://host:port or udp://host:port, is ${JSON.stringify(syslog)}`,
    );
  return {
    ...collector,
    ...(framing === undefined ? {} : { framing }),
    ...(ca === undefined ? {} : { ca }),
  };
}

/** How incidents are polled, with the defaults filled in. Throws where `since` is no time. */
export function pollSettings({ since = 'now', overlap = '24h' }: Settings): {
  /** Undefined is now. */
  readonly since: number | undefined;
  readonly overlap: number;
} {
  const start = since === 'now' ? undefined : Date.parse(since);
  if (Number.isNaN(start))
    throw new Error(`since: must be "now" or a time as in RFC 3339, is ${JSON.stringify(since)}`);
  return { since: start, overlap: parseDuration(overlap) ?? 0 };
}

/** Where people see it. */
export function linkTo({ url, console: path = '/admin/index.html' }: Settings, what: string, id: string): string {
  return `${url.replace(/\/+$/, '')}${path}?${what}=${encodeURIComponent(id)}`;
}
