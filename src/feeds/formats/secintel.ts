import { createHash } from 'node:crypto';
import type { Network } from '../../base/network.ts';
import { widthOf } from '../../base/network.ts';
import { networksOf } from './plain.ts';

/*
 * The manifest form of SecIntel (`services security-intelligence url …/manifest.xml`), as the one public implementation has
 * it, which its author tried on 12.3X48-D10 and 15.1X49-D110. Of the deltas, of threat levels and of IPv6 nothing is known:
 * every file is whole, and IPv6 is left out.
 */

const CATEGORY = 'IPFilter';
/** Seconds: 30 days, and 1. */
const TTL = 2_592_000;
const UPDATE = 1;

const TYPES = [
  ['0', 'url', 'url'],
  ['1', 'ip', 'ip_addr'],
  ['2', 'ip', 'ip_range'],
  ['3', 'ip', 'ip_subnet'],
] as const;

/** Of the types: it changes when they do. */
export function schemaXml(): string {
  const types = TYPES.map(([code, group, name]) => `<type code="${code}" group="${group}" name="${name}"/>`).join('');
  return `<config category="${CATEGORY}" version="${SCHEMA}">${types}<type code="4" name="description"/></config>\n`;
}

const SCHEMA = md5(JSON.stringify(TYPES)).slice(0, 10);

export interface SecIntelFeed {
  readonly name: string;
  readonly values: readonly string[];
  readonly modified: number;
}

/** `base` is the path that the data files are below. */
export function manifestXml(feeds: readonly SecIntelFeed[], base: string): string {
  const listed = feeds.map(({ name, values, modified }) => {
    const objects = networksOf(values).filter(isIPv4).length;
    const data = `<data><url>${base}/</url></data>`;
    return `<feed name="${name}" version="${name}" data_ts="${Math.floor(modified / 1_000)}" objects="${objects}" options="" types="ip_addr ip_range">${data}</feed>`;
  });
  const config = `<config version="${SCHEMA}"><url>${base}/schema.xml</url></config>`;
  const body = `<category name="${CATEGORY}" description="" options="" ttl="${TTL}" update_interval="${UPDATE}">${config}${listed.join('')}</category>`;
  return `<manifest version="${md5(body)}">${body}</manifest>\n`;
}

/** One feed: IPv4 addresses as numbers, networks as a first one and how many follow; ended by its own MD5. */
export function dataFile({ name, values, modified }: SecIntelFeed): string {
  const head = {
    filter: {},
    version: `${Math.floor(modified / 1_000)}.${name}`,
    schema_version: SCHEMA,
    previous_version: null,
  };
  const objects = networksOf(values)
    .filter(isIPv4)
    .map(({ first, length }) => (length === 32 ? `{"1":${first}}` : `{"2":[${first},${2 ** (32 - length) - 1}]}`));
  const body = [JSON.stringify(head), '#del', '#add', ...objects, '#end', ''].join('\n');
  return `${body}${md5(body)}\n`;
}

function isIPv4({ family }: Network): boolean {
  return widthOf(family) === 32;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
