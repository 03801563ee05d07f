import { isIP } from 'node:net';
import { canonicalAddress } from '../../base/address.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { at } from '../../base/json.ts';
import type { Network } from '../../base/network.ts';
import { isWithin } from '../../base/network.ts';
import { numberIn } from './client.ts';
import type { Fields } from './settings.ts';
import { parseTime } from './time.ts';

/** One end of what was seen. What is not said is left out. */
export interface Side {
  readonly ip?: string;
  readonly host?: string;
  readonly user?: string;
}

/** A row of incidents or of events, read by the names that its fields have. */
export interface Row {
  readonly id?: string;
  readonly time?: string;
  /** `http email cnc submission exploit datatheft` (CEF guide), in small letters and without blanks. */
  readonly type?: string;
  readonly name?: string;
  readonly category?: string;
  readonly status?: string;
  /** Of the alert's header; its end points are not documented, the samples have 5, 7 and 8. */
  readonly severity?: number;
  /** 0 to 1. */
  readonly malwareSeverity?: number;
  readonly src: Side;
  readonly dst: Side;
  readonly urls: readonly string[];
  readonly sha1?: string;
  readonly file?: string;
  readonly servers: readonly string[];
  readonly raw: JsonObject;
}

/** `id` is the name of the field that has it: an incident's or an event's. */
export function readRow(raw: JsonObject, fields: Fields, id: string): Row {
  const text = (field: string): string | undefined => textIn(at(raw, field.split('.')));
  const side = (ip: string, host: string, user: string): Side => {
    const address = text(ip);
    return compact({
      ip: address !== undefined && isIP(address) !== 0 ? canonicalAddress(address) : undefined,
      host: text(host),
      user: text(user),
    });
  };
  const severity = numberIn(at(raw, fields.severity.split('.')));
  const malware = numberIn(at(raw, fields.malware_severity.split('.')));
  const sha1 = text(fields.sha1)?.toLowerCase();
  return {
    ...compact({
      id: text(id),
      time: parseTime(at(raw, fields.time.split('.'))),
      type: text(fields.type)
        ?.toLowerCase()
        .replaceAll(/[\s_-]+/g, ''),
      name: text(fields.name),
      category: text(fields.category),
      status: text(fields.status),
      severity: severity !== undefined && severity >= 0 ? severity : undefined,
      // A negative one stands for none.
      malwareSeverity: malware !== undefined && malware >= 0 ? Math.min(malware, 1) : undefined,
      sha1: sha1 !== undefined && /^[0-9a-f]{40}$/.test(sha1) ? sha1 : undefined,
      file: text(fields.file),
    }),
    src: side(fields.src, fields.src_host, fields.src_user),
    dst: side(fields.dst, fields.dst_host, fields.dst_user),
    // Several are separated by a blank (CEF guide).
    urls: words(text(fields.url)),
    servers: words(text(fields.servers)?.replaceAll(',', ' ')).filter(server => isIP(server) !== 0),
    raw,
  };
}

/**
 * Whose host it is. In `cnc` the victim is `dst`, and `src` is the server (the guide's samples); so it is whatever our
 * networks are. Mail comes from servers and a submission from nobody: neither names a host. Else it is the side inside our
 * networks, and undefined where both are, or none.
 */
export function victimOf({ type, src, dst }: Row, networks: readonly Network[]): Side | undefined {
  if (type === 'email' || type === 'submission') return undefined;
  if (type === 'cnc') return isNamed(dst) ? dst : undefined;
  const ours = [src, dst].filter(({ ip }) => ip !== undefined && isWithin(ip, networks));
  return ours.length === 1 ? ours[0] : undefined;
}

export function isNamed({ ip, host }: Side): boolean {
  return ip !== undefined || host !== undefined;
}

function words(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(/\s+/).filter(word => word !== '');
}

/** Ids come as numbers and as texts (Splunk's client casts them). */
function textIn(value: Json | undefined): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what is not there. */
export function compact<T extends object>(object: T): Present<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>;
}
