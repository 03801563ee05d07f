import { malformed } from '../../action/http-answer.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject, own } from '../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import { numberIn } from './client.ts';

/** What the product found out about a file, as playbooks see it. What it does not say is left out. */
export const analysisProperties = {
  severity: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    description: 'of the malware; 0 is clean. Left out where the product gives none, which is no verdict',
  },
  malicious: { type: 'boolean', description: 'severity above 0' },
  name: { type: 'string', description: 'of the malware' },
  category: { type: 'string' },
  family: { type: 'string', description: "the product's class of malware" },
  md5: { type: 'string', format: 'md5' },
  sha1: { type: 'string', format: 'sha1' },
  sha256: { type: 'string', format: 'sha256' },
  size: { type: 'integer', description: 'in bytes' },
  file_type: { type: 'string' },
} as const satisfies { readonly [name: string]: JsonSchema };

export type Analysis = FromSchema<{ type: 'object'; properties: typeof analysisProperties }>;

/**
 * Reads the answer of `analysis_details`, or undefined while the analysis goes on. The fields are those that SOAR's client
 * declares, all of them texts. The severity is of the rows (cb-cyphort-connector), the worst where there are several: an
 * archive is as bad as what is in it.
 */
export function parseAnalysis(json: JsonObject): Analysis | undefined {
  const details = own(json, 'analysis_details');
  const rows = own(json, 'analysis_array') ?? [];
  if (!Array.isArray(rows) || !rows.every(isObject)) throw malformed('analysis: analysis_array is no list of objects');
  const objects: readonly JsonObject[] = [...(isObject(details) ? [details] : []), ...(rows as readonly JsonObject[])];
  if (objects.length === 0) throw malformed('analysis: the answer describes no file');
  if (objects.some(isUnderWay)) return undefined;
  const severities = objects.map(object => numberIn(object['malware_severity'])).filter(isVerdict);
  const severity = severities.length === 0 ? undefined : Math.min(Math.max(...severities), 1);
  const first = (field: string): Json | undefined => objects.map(object => object[field]).find(isSaid);
  return {
    ...(severity === undefined ? {} : { severity, malicious: severity > 0 }),
    ...text('name', first('malware_name')),
    ...text('category', first('malware_category')),
    ...text('family', first('malware_classname')),
    ...hash('md5', first('file_md5_string'), 32),
    ...hash('sha1', first('file_sha1_string'), 40),
    ...hash('sha256', first('file_sha256_string'), 64),
    ...size(first('file_size')),
    ...text('file_type', first('file_type_string')),
  };
}

/** The field is there, and null (SOAR's client waits for that to change). */
function isUnderWay(object: JsonObject): boolean {
  const done = object['analysis_done_time'];
  return done === null || done === '';
}

/** A negative severity stands for none (cb-cyphort-connector). */
function isVerdict(severity: number | undefined): severity is number {
  return severity !== undefined && severity >= 0;
}

function isSaid(value: Json | undefined): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}

function text<Name extends string>(name: Name, value: Json | undefined): { readonly [key in Name]?: string } {
  return (typeof value === 'string' ? { [name]: value } : {}) as { readonly [key in Name]?: string };
}

function hash<Name extends string>(
  name: Name,
  value: Json | undefined,
  length: number,
): { readonly [key in Name]?: string } {
  const isHash = typeof value === 'string' && value.length === length && /^[0-9a-f]+$/i.test(value);
  return isHash ? text(name, value.toLowerCase()) : {};
}

function size(value: Json | undefined): { readonly size?: number } {
  const bytes = numberIn(value);
  return bytes !== undefined && Number.isSafeInteger(bytes) && bytes >= 0 ? { size: bytes } : {};
}
