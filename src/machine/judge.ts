import type { Memory, Verdict } from './state.ts';
import type { Json } from '../base/json.ts';
import { decide, render } from '../expr/expr.ts';
import type { Scope, Trace } from '../expr/evidence.ts';
import type { Check, Playbook } from '../playbook/playbook.ts';

/** One check as it was walked: its trace, or why it was not looked at. */
export interface Walked {
  readonly check: Check;
  readonly trace?: Trace;
  readonly skipped?: string;
}

/**
 * Walks down the checks (LANGUAGE 7): false → next; true → this one, except that past an undecided check a `certain` one
 * is not reached. Nothing reached, or a required look-up missing → `unknown`.
 */
export function judge(
  playbook: Playbook,
  memory: Memory,
  scope: Scope,
): { readonly verdict: Verdict; readonly walked: readonly Walked[] } {
  const checks = playbook.verdict ?? [];
  const required = playbook.enrich.filter(entry => entry.required && memory.outcomes[entry.id]?.status !== 'done');
  if (required.length > 0) {
    const ids = required.map(entry => entry.id);
    const skipped = `${ids.join(', ')} is required and missing`;
    return { verdict: unknown(ids, []), walked: checks.map(check => ({ check, skipped })) };
  }
  const missing = new Set<string>();
  const undecided = new Set<string>();
  const walked: Walked[] = [];
  let found: Check | undefined;
  for (const check of checks) {
    if (found !== undefined) {
      walked.push({ check, skipped: 'a check above holds' });
      continue;
    }
    if (check.certain && undecided.size > 0) {
      walked.push({ check, skipped: 'a check above is undecided' });
      continue;
    }
    if (check.if === undefined) {
      walked.push({ check });
      found = check;
      continue;
    }
    const decision = decide(check.if.text, scope);
    walked.push({ check, trace: decision.trace });
    if (!decision.decided) {
      undecided.add(check.is);
      for (const reference of decision.of) missing.add(entryOf(reference));
    } else if (decision.holds) found = check;
  }
  if (found === undefined) return { verdict: unknown([...missing], [...undecided]), walked };
  const because =
    found.because === undefined ? (found.if?.text ?? 'no check above holds') : people(found.because.text, scope);
  return { verdict: { is: found.is, because, missing: [...missing], undecided: [...undecided] }, walked };
}

/** Whether there is no verdict to be had at all: a required look-up is missing and nothing is judged (LANGUAGE 7). */
export function isUnfounded(playbook: Playbook, memory: Memory): boolean {
  return (
    playbook.verdict === undefined &&
    playbook.enrich.some(entry => entry.required && memory.outcomes[entry.id]?.status !== 'done')
  );
}

/** Text for people: never missing. */
export function people(text: string, scope: Scope): string {
  const rendered = render(text, scope, 'people');
  return rendered.kind === 'value' ? asText(rendered.value) : '(unknown)';
}

export function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function unknown(missing: readonly string[], undecided: readonly string[]): Verdict {
  return {
    is: 'unknown',
    because: missing.length === 0 ? 'no check holds' : `not known: ${missing.join(', ')}`,
    missing,
    undecided,
  };
}

/** `enrich.file.score` → `file`; of a round of a loop `enrich.files.results[2].steps.look.score` → `files[2].look`. */
function entryOf(reference: string): string {
  const [root, id, ...rest] = reference.split('.');
  if (root !== 'enrich' || id === undefined) return reference;
  let name = id;
  for (let at = 0; at + 2 < rest.length; at += 3) {
    const round = /^results(\[\d+\])$/.exec(rest[at] ?? '')?.[1];
    const step = rest[at + 2];
    if (round === undefined || rest[at + 1] !== 'steps' || step === undefined) break;
    name += `${round}.${step}`;
  }
  return name;
}
