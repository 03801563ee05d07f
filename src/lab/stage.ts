import type { RunDetail, StatusView } from '../api/contract.ts';
import type { Clock } from '../base/clock.ts';
import type { Json } from '../base/json.ts';
import { own } from '../base/json.ts';
import type { Products } from './products.ts';
import type { Tell } from './telling.ts';
import { RunWatch, ask, post, runOf } from './watch.ts';

/** A conversation of products, played on the real clock and told as it happens. */
export interface Story {
  /** The playbook's. */
  readonly name: string;
  readonly title: string;
  /** Rejects with {@link StoryStuck} where a turn does not come, or is not what it should be. */
  readonly play: (stage: Stage) => Promise<void>;
}

/** A turn of the story that did not come, or was another. */
export class StoryStuck extends Error {
  override readonly name = 'StoryStuck';
}

export interface StageOptions {
  readonly products: Products;
  /** The daemon's, ending in `/api/v1`. */
  readonly api: string;
  readonly clock: Clock;
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

/** Between two looks; the daemon is asked as a person would ask it. */
const LOOK = 50;
/** A turn takes some seconds; if it takes so long, something is wrong. */
const PATIENCE = 90_000;
/** Of a line that is told, in characters. */
const LONGEST = 150;

/** Where a story is played: it moves the products, and sees the daemon through its API, as any client would. */
export class Stage {
  readonly products: Products;
  readonly clock: Clock;
  readonly tell: Tell;
  readonly #api: string;
  readonly #signal: AbortSignal;
  readonly #runs: RunWatch[] = [];
  #shown: number;

  constructor({ products, api, clock, tell, signal }: StageOptions) {
    this.products = products;
    this.clock = clock;
    this.tell = tell;
    this.#api = api;
    this.#signal = signal;
    this.#shown = products.mailbox.messages.length;
  }

  /** Until the daemon has polled all products once: what happened before that would be nobody's news. */
  async polled(): Promise<void> {
    await this.until('the daemon to have asked all products once', async () => {
      const status = await ask<StatusView>(`${this.#api}/status`);
      return status?.sources.every(({ succeeded }) => succeeded !== undefined) === true ? true : undefined;
    });
  }

  /** Looks, and tells what happens meanwhile, until there is something. */
  async until<Found>(what: string, look: () => Found | undefined | Promise<Found | undefined>): Promise<Found> {
    const deadline = this.clock.now() + PATIENCE;
    for (;;) {
      await this.#tellNews();
      const found = await look();
      if (found !== undefined) return found;
      if (this.#signal.aborted) throw this.#signal.reason;
      if (this.clock.now() > deadline) throw new StoryStuck(`waited ${PATIENCE / 1_000} s for ${what}`);
      await pause(this.clock, LOOK, this.#signal);
    }
  }

  /** The run of a playbook that an event wakes; from now on it is told what happens in it. */
  async follow(playbook: string, event: string): Promise<RunWatch> {
    const run = await this.until(`${event} to wake ${playbook}`, () => runOf(this.#api, { playbook, event }));
    const watch = new RunWatch(this.#api, run, playbook);
    this.#runs.push(watch);
    return watch;
  }

  /** Another playbook that the same event wakes, of which only the end is told, when nothing that it did is in force. */
  async alsoWoken(playbook: string, event: string): Promise<void> {
    const run = await this.until(`${event} to wake ${playbook}`, () => runOf(this.#api, { playbook, event }));
    const watch = new RunWatch(this.#api, run, playbook);
    await this.until(`${playbook} to end`, async () => {
      await watch.look();
      const isTakenBack = watch.detail?.responses.every(({ state }) => state === 'undone') === true;
      return (watch.isOver && isTakenBack) || undefined;
    });
    this.tell('backline', `${playbook}, woken by the same alert, ended meanwhile: ${watch.verdict ?? 'no verdict'}`);
  }

  /** Until a run has ended, as `status` and with `verdict`, if it judges. */
  async ended(watch: RunWatch, wanted: { readonly status: string; readonly verdict?: string }): Promise<RunDetail> {
    const detail = await this.until(`${watch.playbook} to end`, () => (watch.isOver ? watch.detail : undefined));
    const verdict = watch.verdict ?? 'none';
    if (detail.status !== wanted.status || verdict !== (wanted.verdict ?? 'none'))
      throw new StoryStuck(
        `${watch.playbook} ended ${detail.status} with the verdict ${verdict}, not ${wanted.status} with ${wanted.verdict ?? 'none'}`,
      );
    return detail;
  }

  /** Until nothing that a run did is in force. */
  async takenBack(watch: RunWatch): Promise<void> {
    await this.until(`what ${watch.playbook} did to be taken back`, () =>
      watch.detail?.responses.every(({ state }) => state === 'undone') === true ? true : undefined,
    );
  }

  /** Until people have a message of a run whose subject begins so. */
  async told(watch: RunWatch, subject: string): Promise<void> {
    await this.until(`the message "${subject}…"`, () =>
      this.products.mailbox.messages.find(
        ({ key, subject: found }) => key.startsWith(`${watch.run}/`) && found.startsWith(subject),
      ),
    );
  }

  /** Somebody of the SOC answers what a run asks; `together`, so many approvals of one loop at once. */
  async answer(
    watch: RunWatch,
    { answer, text, together = 1 }: { readonly answer: string; readonly text: string; readonly together?: number },
  ): Promise<void> {
    const [question] = await this.until(`${watch.playbook} to ask`, async () => {
      const open = await watch.openQuestions();
      return open.length >= together ? open : undefined;
    });
    if (question === undefined) return;
    await this.#tellNews();
    this.tell(question.who[0] ?? 'somebody', text);
    const group = question.group === undefined ? {} : { together: true };
    await this.post(`/questions/${encodeURIComponent(question.id)}/answer`, { answer, ...group });
  }

  /** A playbook that is started by hand; it is told as one that is followed. */
  async start(playbook: string): Promise<RunWatch> {
    const run = own(await this.post(`/playbooks/${playbook}/runs`, { inputs: {} }), 'run');
    const watch = new RunWatch(this.#api, String(run), playbook);
    this.#runs.push(watch);
    return watch;
  }

  post(path: string, body: Json): Promise<Json> {
    return post(`${this.#api}${path}`, body);
  }

  async #tellNews(): Promise<void> {
    for (const watch of this.#runs) {
      for (const { text, tone } of await watch.look()) this.tell('backline', short(text), tone);
    }
    const { messages } = this.products.mailbox;
    for (; this.#shown < messages.length; this.#shown++) {
      const message = messages[this.#shown];
      if (message === undefined || !this.#runs.some(({ run }) => message.key.startsWith(`${run}/`))) continue;
      this.tell(message.to.join(', '), [`reads: ${message.subject}`, message.body].join('\n'));
    }
  }
}

/** A line of a story; the whole of it is in `backline runs show`. */
function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function pause(clock: Clock, time: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const cancel = clock.alarm(clock.now() + time, done);
    function done(): void {
      signal.removeEventListener('abort', abort);
      resolve();
    }
    function abort(): void {
      cancel();
      resolve();
    }
    signal.addEventListener('abort', abort, { once: true });
  });
}
