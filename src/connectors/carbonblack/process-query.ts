import { isIPv4 } from 'node:net';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';

/** What processes are searched by. All that is given must hold. */
export const processTerms = {
  md5: { type: 'string', format: 'md5', description: 'of the program that the process runs' },
  sha256: { type: 'string', format: 'sha256', description: 'of a file of the process; servers before 7.x know none' },
  ip: { type: 'string', format: 'ip', description: 'IPv4 address that the process spoke to' },
  domain: { type: 'string', minLength: 1, maxLength: 255, description: 'that the process spoke to' },
  host: { type: 'string', minLength: 1, maxLength: 255, description: 'name of the computer' },
  feed: {
    type: 'string',
    minLength: 1,
    maxLength: 100,
    description: 'name of a feed that has hit, as list-feeds and register-feed give it',
  },
} as const satisfies { readonly [name: string]: JsonSchema };

export type ProcessTerms = { readonly [K in keyof typeof processTerms]?: FromSchema<(typeof processTerms)[K]> };

/**
 * The query in the product's language, or why there is none. Values come from events, so from an attacker: each is one
 * quoted phrase and can neither end it nor begin another term, and a wildcard in one is refused.
 */
export function queryFor({
  md5,
  sha256,
  ip,
  domain,
  host,
  feed,
}: ProcessTerms): { readonly q: string } | { readonly wrong: string } {
  // How IPv6 addresses are asked for is not published where we could read it.
  if (ip !== undefined && !isIPv4(ip)) return { wrong: `the search takes IPv4 addresses only, not ${ip}` };
  const terms = [
    ['process_md5', md5?.toLowerCase()],
    ['sha256', sha256?.toLowerCase()],
    ['ipaddr', ip],
    ['domain', domain],
    ['hostname', host],
  ] as const;
  const parts: string[] = [];
  for (const [field, value] of terms) {
    if (value === undefined) continue;
    if (/[*?\p{Cc}]/u.test(value))
      return { wrong: `${JSON.stringify(value)} is no exact value: it has a wildcard or a control character` };
    parts.push(`${field}:${phrase(value)}`);
  }
  if (feed !== undefined) {
    // It becomes a part of a field's name, in small letters (cbapi), so it can be nothing but a name.
    if (!/^[A-Za-z0-9]+$/.test(feed))
      return { wrong: `${JSON.stringify(feed)} is no name of a feed: letters and digits` };
    parts.push(`alliance_score_${feed.toLowerCase()}:[1 TO *]`);
  }
  return { q: parts.join(' ') };
}

/** In double quotes, with a backslash before each double quote and backslash (user guide, *Restrictions on terms*). */
export function phrase(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
