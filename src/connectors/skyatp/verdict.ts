import { malformed } from '../../action/http-answer.ts';
import type { JsonObject } from '../../base/json.ts';
import { at } from '../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import type { Wire } from './client.ts';
import { lookUpHash } from './client.ts';

/** What SkyATP has found out about a file, as playbooks see it. What it does not say is left out. */
export const verdictProperties = {
  score: {
    type: 'number',
    minimum: 0,
    maximum: 10,
    description:
      'verdict; 0 is clean. Judge by this, not by words. Left out where SkyATP gives none, which is no verdict',
  },
  threat_level: { type: 'string', description: 'the vendor\'s word for the score; "clean" and "high" have been seen' },
  family: { type: 'string', description: 'of the malware' },
} as const satisfies { readonly [name: string]: JsonSchema };

export type Verdict = FromSchema<{ type: 'object'; properties: typeof verdictProperties }>;

export const ASK_AGAIN = 30_000;

/** The verdict on a file; undefined where SkyATP does not know it. */
export async function lookUp(wire: Wire, sha256: string): Promise<Verdict | 'under way' | undefined> {
  const file = await lookUpHash(wire, sha256);
  return file === undefined ? undefined : parseVerdict(file, sha256);
}

/**
 * Reads what is said of a file. While it is analysed, `scan_complete` is false and the score -1 (vendor's reference): below 0
 * is no verdict, least of all a clean one. How an unknown hash is answered is not documented: an answer without a score is
 * taken for one.
 */
export function parseVerdict(file: JsonObject, sha256: string): Verdict | 'under way' | undefined {
  const { score, sha256: about, scan_complete: isComplete, threat_level: level } = file;
  if (typeof about === 'string' && about.toLowerCase() !== sha256.toLowerCase())
    throw malformed('hash look-up: the answer is about another file');
  if (isComplete === false) return 'under way';
  if (typeof score !== 'number') return undefined;
  // v2 has a family (recorded), v1 an ident (vendor's reference).
  const family = at(file, ['malware_info', 'family']) ?? at(file, ['malware_info', 'ident']);
  return {
    ...(score < 0 ? {} : { score: Math.min(score, 10) }),
    ...(typeof level === 'string' ? { threat_level: level } : {}),
    ...(typeof family === 'string' ? { family } : {}),
  };
}
