import type { QuestionView, RecordView, RunDetail, RunView } from '../api/contract.ts';
import type { Json } from '../base/json.ts';
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

/** Asks something of the daemon that must work. */
export async function post(url: string, body: Json): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok)
    throw new Error(`${new URL(url).pathname} was answered with ${answer.status}: ${await answer.text()}`);
}

/** The run of a playbook that an event woke. */
export async function runOf(
  api: string,
  { playbook, event }: { readonly playbook: string; readonly event: string },
): Promise<string | undefined> {
  const runs = (await ask<readonly RunView[]>(`${api}/runs?limit=20&playbook=${playbook}`)) ?? [];
  for (const { run } of runs) {
    const detail = await ask<RunDetail>(`${api}/runs/${run}`);
    const woken = detail?.event as { readonly id?: string } | undefined;
    if (woken?.id === event) return run;
  }
  return undefined;
}

/** One run, and what its journal says that was not told yet. */
export class RunWatch {
  readonly run: string;
  readonly playbook: string;
  readonly #api: string;
  readonly #actions = new Map<string, string>();
  #told = 0;
  #detail: RunDetail | undefined;

  constructor(api: string, run: string, playbook: string) {
    this.#api = api;
    this.run = run;
    this.playbook = playbook;
  }

  /** As it was when it was looked at last. */
  get detail(): RunDetail | undefined {
    return this.#detail;
  }

  get isOver(): boolean {
    const status = this.#detail?.status;
    return status !== undefined && status !== 'open' && status !== 'queued';
  }

  /** The verdict that stands. */
  get verdict(): string | undefined {
    const judged = (this.#detail?.records ?? []).map(recordOf).flatMap(({ body }) => {
      const judgements = body.kind === 'told' ? body.judgements : [];
      return judgements.flatMap(judgement => (judgement.kind === 'verdict' ? [judgement.verdict.is] : []));
    });
    return judged.at(-1);
  }

  /** The new lines. */
  async look(): Promise<readonly StoryLine[]> {
    this.#detail = (await ask<RunDetail>(`${this.#api}/runs/${this.run}`)) ?? this.#detail;
    const records = (this.#detail?.records ?? []).map(recordOf);
    for (const { body } of records) {
      if (body.kind === 'intended') this.#actions.set(body.intent.command, body.intent.action);
    }
    const lines = records.slice(this.#told).flatMap(record => storyOf(record, command => this.#actions.get(command)));
    this.#told = Math.max(this.#told, records.length);
    return lines;
  }

  async openQuestions(): Promise<readonly QuestionView[]> {
    const questions = (await ask<readonly QuestionView[]>(`${this.#api}/questions?open=true`)) ?? [];
    return questions.filter(({ run }) => run === this.run);
  }
}

function recordOf({ run, seq, at, body }: RecordView): JournalRecord {
  return { run, seq, at: Date.parse(at), body } as unknown as JournalRecord;
}
