import type { Json, JsonObject } from '../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import { parseTime } from './time.ts';

/** The input of all that concerns one file. */
export const md5Input = {
  type: 'string',
  format: 'md5',
  'x-target': 'hash',
  description: 'of the file; the product has no other key for binaries and bans, in 7.x neither',
} as const satisfies JsonSchema;

/** A binary as playbooks see it. What the server does not say is left out. */
export const binarySchema = {
  type: 'object',
  properties: {
    found: { type: 'boolean', description: 'whether the server knows the file; it collects executables only' },
    sha256: { type: 'string', format: 'sha256', description: 'from 7.x on' },
    signed: { type: 'boolean', description: 'whether the signature is good' },
    signature: { type: 'string', description: 'Signed, Unsigned, Expired, Bad Signature, Untrusted Root …' },
    publisher: { type: 'string', description: 'whom the signature names, be it good or not' },
    host_count: { type: 'integer', description: 'on how many hosts it was seen' },
    names: { type: 'array', items: { type: 'string' }, description: 'paths that it was seen under' },
    is_executable: { type: 'boolean', description: 'a program; false for a library' },
    size: { type: 'integer', description: 'in bytes' },
    known_since: { type: 'string', format: 'date-time' },
  },
  required: ['found'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Binary = FromSchema<typeof binarySchema>;

/** Reads the product's summary of a binary, as recorded from 5.x and 6.2. */
export function parseBinary(raw: JsonObject): Binary {
  const { digsig_result: signature, digsig_publisher: publisher, is_executable_image: isExecutable } = raw;
  const sha256 = raw['sha256'];
  const hostCount = wholeNumber(raw['host_count']);
  const size = wholeNumber(raw['orig_mod_len']);
  const since = parseTime(raw['server_added_timestamp']);
  return {
    found: true,
    ...(typeof sha256 === 'string' && /^[0-9a-f]{64}$/i.test(sha256) ? { sha256: sha256.toLowerCase() } : {}),
    ...(typeof signature === 'string' ? { signed: signature === 'Signed', signature } : {}),
    ...(typeof publisher === 'string' && publisher !== '' ? { publisher } : {}),
    ...(hostCount === undefined ? {} : { host_count: hostCount }),
    names: texts(raw['observed_filename']),
    ...(typeof isExecutable === 'boolean' ? { is_executable: isExecutable } : {}),
    ...(size === undefined ? {} : { size }),
    ...(since === undefined ? {} : { known_since: since }),
  };
}

/**
 * Whose file it is that must not be banned by mistake: without the system's files a host does not start, without its
 * sensor nobody sees it. An expired signature is theirs too; a bad one says nothing.
 */
export function guardedPublisher({ signature, publisher = '' }: Binary): string | undefined {
  const isTheirs = signature === 'Signed' || signature === 'Expired';
  return isTheirs && GUARDED.test(publisher) ? publisher : undefined;
}

/** The vendor signed as Bit9 before it was Carbon Black. Later owners sign other things too and are not taken for it. */
const GUARDED = /^(microsoft|carbon black|bit9)\b/i;

/** Numbers of the message bus are text, and so were some of the search. */
function wholeNumber(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
