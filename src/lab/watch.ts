import type { RecordView, RunDetail, RunView } from '../api/contract.ts';
import type { JournalRecord } from '../journal/record.ts';
import type { StoryLine } from '../journal/story.ts';
import { storyOf } from '../journal/story.ts';

/** Reads the daemon's API as any client would. `undefined` where it does not answer: it may be on its way up. */
export async function ask<T>(url: string): Promise<T | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return answer.ok ? ((await answer.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

/** The run that an event woke. */
export async function runOf(api: string, event: string): Promise<string | undefined> {
  const runs = (await ask<readonly RunView[]>(`${api}/runs?limit=20`)) ?? [];
  for (const { run } of runs) {
    const detail = await ask<RunDetail>(`${api}/runs/${run}`);
    const woken = detail?.event as { readonly id?: string } | undefined;
    if (woken?.id === event) return run;
  }
  return undefined;
}

/** What a run's journal says that was not told yet. */
export class RunWatch {
  readonly #url: string;
  readonly #actions = new Map<string, string>();
  #told = 0;

  constructor(api: string, run: string) {
    this.#url = `${api}/runs/${run}`;
  }

  /** The new lines, and every record so far. */
  async look(): Promise<{ readonly lines: readonly StoryLine[]; readonly detail: RunDetail | undefined }> {
    const detail = await ask<RunDetail>(this.#url);
    const records = (detail?.records ?? []).map(recordOf);
    for (const { body } of records) {
      if (body.kind === 'intended') this.#actions.set(body.intent.command, body.intent.action);
    }
    const lines = records.slice(this.#told).flatMap(record => storyOf(record, command => this.#actions.get(command)));
    this.#told = Math.max(this.#told, records.length);
    return { lines, detail };
  }
}

export function recordOf({ run, seq, at, body }: RecordView): JournalRecord {
  return { run, seq, at: Date.parse(at), body } as unknown as JournalRecord;
}
