import type { ActionContext } from '../../action/action.ts';
import { Refusal } from '../../action/http-answer.ts';
import type { Analysis } from './analysis.ts';
import { parseAnalysis } from './analysis.ts';
import type { Operation } from './client.ts';
import { askFor } from './client.ts';
import { formOf } from './rows.ts';
import type { Settings } from './settings.ts';

/** What a look-up asks. The second tells an unknown file from a key that is not taken. */
export const LOOKING_UP: readonly Operation[] = ['analysis_details', 'incidents'];

/** Clients in use ask every ten seconds. */
export const ASK_AGAIN = 10_000;

/** What the product knows of a file, or of that of an event. Undefined where it knows none. */
export async function lookUp(
  context: ActionContext<Settings>,
  by: { readonly sha1: string } | { readonly md5: string } | { readonly event: string },
): Promise<Analysis | 'under way' | undefined> {
  const answer = await askFor(context, 'analysis_details', { get_components: '0', ...formFor(by) });
  if ('json' in answer) return parseAnalysis(answer.json) ?? 'under way';
  await expectWell(context, answer.refused);
  return undefined;
}

/** Hashes are asked for in small letters (vendor). */
function formFor(by: Parameters<typeof lookUp>[1]): { readonly [name: string]: string } {
  if ('event' in by) return { event_id: by.event };
  return 'sha1' in by ? { sha1sum: by.sha1.toLowerCase() } : { md5sum: by.md5.toLowerCase() };
}

/**
 * A negative status is how an unknown file is answered, and may be how a wrong key is: neither the numbers nor the words
 * are documented. A product that answers another question is well.
 */
async function expectWell(context: ActionContext<Settings>, refused: string): Promise<void> {
  const answer = await askFor(context, 'incidents', formOf(context.settings, { until: context.now, back: 1_000 }));
  if (!('refused' in answer)) return;
  const detail = `hash look-up: ${refused}; and incidents: ${answer.refused}. Is the API key valid?`;
  throw new Refusal({ kind: 'failed', reason: 'rejected', detail });
}
