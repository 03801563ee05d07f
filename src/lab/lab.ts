import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { realClock } from '../daemon/clock.ts';
import type { ResponseView } from '../api/contract.ts';
import { startControl } from './control.ts';
import { startDaemonProcess } from './daemon-process.ts';
import { fail } from './faults.ts';
import type { Place, Products, Tokens } from './products.ts';
import { startProducts } from './products.ts';
import type { Story } from './stage.ts';
import { Stage, StoryStuck } from './stage.ts';
import { STORIES } from './stories/stories.ts';
import type { ToldLine } from './telling.ts';
import { formatLine } from './telling.ts';
import { ask } from './watch.ts';

export interface LabCall {
  /** `up`: products alone. `start`: the daemon beside them, all stories, and it stays up. `play`: one story, and it ends. */
  readonly action: 'up' | 'start' | { readonly play: Story };
  /** The project's, with its backline.yaml. */
  readonly folder: string;
}

/** As backline.yaml has them. */
const PORTS: { readonly [place in Place]: number } = {
  carbonblack: 7401,
  skyatp: 7402,
  srx: 7403,
  jatp: 7404,
  collector: 7405,
  mailbox: 7406,
};
const DAEMON = 'http://127.0.0.1:7400';
export const CONTROL = { url: 'http://127.0.0.1:7407', port: 7407 };

/**
 * The lab: simulated products on the loopback interface, and, but for `up`, the daemon beside them as a process of its own
 * and stories of what they do together. Until it is interrupted, another terminal can have a story played, and products
 * fail. Gives the exit code.
 */
export async function runLab({ action, folder }: LabCall): Promise<number> {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort(new Error(name)));
  const { signal } = stopping;
  const tokens = { carbonblack: token(), jatp: token(), skyatp: token() };
  const lab = new Lab(signal);
  try {
    await lab.open(tokens);
    if (action === 'up') {
      say(`Their secrets, for \`backline serve\` in this folder:\n${exports(tokens)}`);
      say('\nCtrl-C stops them.');
      await stopped(signal);
      return 0;
    }
    return await withDaemon(lab, {
      tokens,
      folder,
      signal,
      stories: action === 'start' ? STORIES : [action.play],
      stays: action === 'start',
    });
  } catch (error) {
    return inUse(error);
  } finally {
    await lab.close();
  }
}

class Lab {
  readonly #signal: AbortSignal;
  #products: Products | undefined;
  #control: { close(): Promise<void> } | undefined;
  #playing: string | undefined;
  #listener: ((line: ToldLine) => void) | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async open(tokens: Tokens): Promise<void> {
    this.#products = await startProducts({
      clock: realClock,
      tokens,
      ports: PORTS,
      fetchEvery: 1_000,
      changed: ({ product, text, tone }) => this.tell(product, text, tone),
      reported: ({ host, reason }) => this.tell('jatp', `its collector takes the report of ${host}: ${reason}`),
      told: ({ to, subject, body }) => {
        // In a story those of its own runs are told, in their place.
        if (this.#playing === undefined) this.tell(to.join(', '), `reads: ${subject}\n${body}`);
      },
    });
    this.#control = await startControl(
      {
        play: (name, line) => this.#playFor(name, line),
        fail: request => {
          fail(this.products, request, realClock);
          this.tell(
            request.product,
            `fails from now on: ${request.fault}${request.times === undefined ? '' : `, ${request.times} times`}`,
            'bad',
          );
        },
        heal: names => {
          for (const name of names) this.products[name].heal();
          this.tell('lab', `${names.join(', ')}: well again`, 'good');
        },
      },
      CONTROL.port,
    );
    const { carbonblack, jatp, skyatp, srx } = this.products.urls;
    say(`Simulated products: Carbon Black ${carbonblack} · JATP ${jatp} · SkyATP ${skyatp} · SRX ${srx}/dropped`);
  }

  get products(): Products {
    if (this.#products === undefined) throw new Error('the lab is not open');
    return this.#products;
  }

  readonly tell = (speaker: string, text: string, tone: ToldLine['tone'] = 'plain'): void => {
    const line = { at: realClock.now(), speaker, text, tone };
    say(formatLine(line));
    this.#listener?.(line);
  };

  stage(): Stage {
    const { products, tell } = this;
    return new Stage({ products, api: `${DAEMON}/api/v1`, clock: realClock, tell, signal: this.#signal });
  }

  /** Rejects with {@link StoryStuck}. */
  async play({ name, play }: Story): Promise<void> {
    this.#playing = name;
    try {
      await play(this.stage());
    } finally {
      this.#playing = undefined;
    }
  }

  async #playFor(name: string, line: (line: ToldLine) => void): Promise<string | undefined> {
    const story = STORIES.find(one => one.name === name);
    if (story === undefined) return `there is no story "${name}"; there are ${STORIES.map(one => one.name).join(', ')}`;
    if ((await ask(`${DAEMON}/api/v1/status`)) === undefined)
      return `no daemon answers at ${DAEMON}; \`backline lab start\` brings its own`;
    if (this.#playing !== undefined) return `${this.#playing} is being played; one story at a time`;
    this.#listener = line;
    say(heading(story));
    try {
      await this.play(story);
      return undefined;
    } catch (error) {
      if (error instanceof StoryStuck || this.#signal.aborted) return (error as Error).message;
      throw error;
    } finally {
      this.#listener = undefined;
    }
  }

  async close(): Promise<void> {
    await this.#control?.close();
    await this.#products?.stop();
  }
}

interface Telling {
  readonly tokens: Tokens;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly stories: readonly Story[];
  /** Whether it stays up when all is told. */
  readonly stays: boolean;
}

async function withDaemon(lab: Lab, { tokens, folder, signal, stories, stays }: Telling): Promise<number> {
  const log = resolve(folder, '.backline', 'daemon.log');
  let isGone = false;
  const daemon = startDaemonProcess({
    folder,
    config: join(folder, 'backline.yaml'),
    log,
    variables: Object.fromEntries(variables(tokens)),
    fell(how, again) {
      isGone = !again;
      const after = again ? '; it is started again with the same store' : `; see ${log}`;
      lab.tell('backline', `the daemon fell (${how})${after}`, 'bad');
    },
  });
  say(`Backline:           ${DAEMON}, a process of its own; its log is ${log}`);
  try {
    await lab.stage().polled();
    for (const [index, story] of stories.entries()) {
      say(heading(story, stories.length === 1 ? undefined : `${index + 1} of ${stories.length}`));
      await lab.play(story);
    }
    await sayWhatStands();
    if (!stays) return 0;
    say(CLOSING);
    await stopped(signal);
    return isGone ? 1 : 0;
  } catch (error) {
    if (signal.aborted) return 0;
    if (!(error instanceof StoryStuck)) throw error;
    process.stderr.write(`The story is stuck: ${error.message}. The daemon's log, ${log}, may say why.\n`);
    return 1;
  } finally {
    await daemon.stop();
  }
}

/** What the daemon has in its ledger when all is told. */
async function sayWhatStands(): Promise<void> {
  const standing = await ask<readonly ResponseView[]>(`${DAEMON}/api/v1/responses?in_force=true`);
  const lines = standing?.map(({ action, targets }) => `${action} ${targets.map(({ value }) => value).join(', ')}`);
  say(
    `\nIn force: ${lines === undefined ? 'not known' : lines.length === 0 ? 'nothing any more' : lines.join(' · ')}.`,
  );
}

function heading({ name, title }: Story, place?: string): string {
  return `\n── ${place === undefined ? '' : `${place} · `}${name} ──\n${title}\n`;
}

const CLOSING = `
All is told, and everything stays up: the API is ${DAEMON}/api/v1, health is ${DAEMON}/healthz.
Try, in another terminal:
  npx backline runs list                       what has run, and how it ended
  npx backline runs show RUN                   one of them, line by line
  npx backline lab play block-infected-host    a story once more
  npx backline lab fail skyatp 500             … with a product that fails; \`lab heal\` ends that
  npx backline plan detonate-and-contain --event test/events/cb-binary-alert-9d41.json
  npx backline test                            every case of every playbook
Ctrl-C stops everything; the next start goes on with the same store.`;

function token(): string {
  return randomBytes(16).toString('hex');
}

function variables({ carbonblack, jatp, skyatp }: Tokens): (readonly [string, string])[] {
  return [
    ['LAB_CARBONBLACK_TOKEN', carbonblack],
    ['LAB_JATP_KEY', jatp],
    ['LAB_SKYATP_TOKEN', skyatp],
  ];
}

function exports(tokens: Tokens): string {
  return variables(tokens)
    .map(([name, value]) => `export ${name}=${value}`)
    .join('\n');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    // Holds the process: nothing else here does while the products wait for requests.
    const hold = setInterval(() => {}, 60_000);
    const stop = () => {
      clearInterval(hold);
      resolve();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

function inUse(error: unknown): number {
  const { code, port } = error as { readonly code?: string; readonly port?: number };
  if (code !== 'EADDRINUSE') throw error;
  process.stderr.write(
    `Port ${String(port)} of the loopback interface is in use; is another lab running? Stop it first.\n`,
  );
  return 3;
}
