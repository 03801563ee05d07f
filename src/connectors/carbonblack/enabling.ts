import type { Answer } from '../../action/outcome.ts';
import type { Change } from './client-changes.ts';

/** What can be enabled and disabled; the two are one thing with two ends. */
export interface Switchable<Found> {
  find(): Promise<Found>;
  isEnabled(found: Found): boolean;
  put(found: Found, wanted: boolean): Promise<Change>;
}

export async function switchTo<Found, Output>(
  { find, isEnabled, put }: Switchable<Found>,
  wanted: boolean,
  outputOf: (found: Found) => Output,
): Promise<Answer<Output>> {
  const before = await find();
  if (isEnabled(before) === wanted) return { kind: 'done', already: true, output: outputOf(before) };
  const change = await put(before, wanted);
  if (change.kind === 'failed') return change;
  const after = await find();
  if (isEnabled(after) === wanted) return { kind: 'done', output: outputOf(after) };
  const detail = `the change was answered with success, but it is still ${enabledWord(!wanted)}`;
  return { kind: 'failed', reason: 'rejected', detail };
}

export function enabledWord(isEnabled: boolean): string {
  return isEnabled ? 'enabled' : 'disabled';
}
