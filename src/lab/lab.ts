import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import pc from 'picocolors';
import { realClock } from '../daemon/clock.ts';
import { startDaemonProcess } from './daemon-process.ts';
import type { Products } from './products.ts';
import { startProducts } from './products.ts';
import type { Tell } from './story.ts';
import { StoryStuck, tellStory } from './story.ts';

/**
 * The lab: simulated products on the loopback interface, and, with `start`, the daemon beside them as a process of its own
 * and the story of what they do together. Stays up until it is interrupted. Gives the exit code.
 */
export async function runLab({ action, folder }: LabCall): Promise<number> {
  const tokens = { carbonblack: randomBytes(16).toString('hex'), skyatp: randomBytes(16).toString('hex') };
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort(new Error(signal)));
  let products: Products;
  try {
    products = await startProducts({
      clock: realClock,
      tokens,
      ports: PORTS,
      fetchEvery: 1_000,
      listed: (ip, isListed) => tell('skyatp', isListed ? `lists ${ip}` : `lists ${ip} no more`),
    });
  } catch (error) {
    return fail(error);
  }
  say(
    `Carbon Black ${products.urls.carbonblack} · SkyATP ${products.urls.skyatp} · SRX ${products.urls.srx}/dropped (simulated)`,
  );
  try {
    if (action === 'up') {
      say(
        `Their tokens: ${variables(tokens)
          .map(([name, value]) => `${name}=${value}`)
          .join(' ')}`,
      );
      await stopped(stopping.signal);
      return 0;
    }
    return await startStory(folder, tokens, products, stopping.signal);
  } finally {
    await products.stop();
  }
}

export interface LabCall {
  readonly action: 'start' | 'up';
  /** The project's, with its backline.yaml. */
  readonly folder: string;
}

/** As backline.yaml has them. */
const PORTS = { carbonblack: 7401, skyatp: 7402, srx: 7403 };
const DAEMON = 'http://127.0.0.1:7400';

async function startStory(folder: string, tokens: Tokens, products: Products, signal: AbortSignal): Promise<number> {
  const log = resolve(folder, '.backline', 'daemon.log');
  let isGone = false;
  const daemon = startDaemonProcess({
    folder,
    config: join(folder, 'backline.yaml'),
    log,
    variables: Object.fromEntries(variables(tokens)),
    fell(how, again) {
      isGone = !again;
      tell(
        'backline',
        `the daemon fell (${how})${again ? '; it is started again with the same store' : `; see ${log}`}`,
        'bad',
      );
    },
  });
  say(`Backline ${DAEMON} (a process of its own; its log is ${log})\n`);
  try {
    await tellStory({ products, api: `${DAEMON}/api/v1`, clock: realClock, tell, signal });
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

const CLOSING = `
The story is told. Everything stays up: the API is ${DAEMON}/api/v1, health is ${DAEMON}/healthz.
Try, in another terminal:
  npx backline runs list
  npx backline plan block-infected-host --event test/events/cb-alert-7c2e.json
  npx backline explain block-infected-host --event test/events/cb-alert-7c2e.json
  npx backline test
Ctrl-C stops everything; the next start goes on with the same store.`;

interface Tokens {
  readonly carbonblack: string;
  readonly skyatp: string;
}

function variables({ carbonblack, skyatp }: Tokens): (readonly [string, string])[] {
  return [
    ['LAB_CARBONBLACK_TOKEN', carbonblack],
    ['LAB_SKYATP_TOKEN', skyatp],
  ];
}

const tell: Tell = (speaker, text, tone = 'plain') => {
  const time = new Date().toISOString().slice(11, 19);
  const colour = tone === 'good' ? pc.green : tone === 'bad' ? pc.yellow : (plain: string) => plain;
  say(`${pc.dim(time)}  ${pc.bold(speaker.padEnd(12))}  ${colour(text)}`);
};

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise(resolved => {
    // Holds the process: nothing else here does while the products wait for requests.
    const hold = setInterval(() => {}, 60_000);
    const stop = () => {
      clearInterval(hold);
      resolved();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

function fail(error: unknown): number {
  const { code, port } = error as { readonly code?: string; readonly port?: number };
  if (code !== 'EADDRINUSE') throw error;
  process.stderr.write(
    `Port ${String(port)} of the loopback interface is in use; is another lab running? Stop it first.\n`,
  );
  return 3;
}
