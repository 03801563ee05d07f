import type { Clock } from '../base/clock.ts';
import type { StoryLine } from '../journal/story.ts';
import type { Products } from './products.ts';
import { FILE, HOST } from './products.ts';
import type { StatusView } from '../api/contract.ts';
import { RunWatch, ask, runOf } from './watch.ts';

/** Who speaks in the story. */
export type Speaker = 'carbon black' | 'skyatp' | 'srx' | 'backline';
export type Tell = (speaker: Speaker, text: string, tone?: StoryLine['tone']) => void;

export interface StoryWorld {
  readonly products: Products;
  /** The daemon's, ending in `/api/v1`. */
  readonly api: string;
  readonly clock: Clock;
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

/** Between two looks; the daemon is asked as a person would ask it. */
const LOOK = 50;
/** The whole story takes some ten seconds; if it takes so long, something is wrong. */
const PATIENCE = 90_000;

/** A turn of the story that did not come. */
export class StoryStuck extends Error {
  override readonly name = 'StoryStuck';
}

/**
 * The third conversation on the real clock: an alert, its evidence, the verdict, the block; the firewall drops; the alert
 * is resolved, and the host is let back. Told from the daemon's journal and from the products, as it happens.
 */
export async function tellStory({ products, api, clock, tell, signal }: StoryWorld): Promise<void> {
  const { carbonblack, srx } = products;
  const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    const deadline = clock.now() + PATIENCE;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (signal.aborted) throw signal.reason;
      if (clock.now() > deadline) throw new StoryStuck(`waited ${PATIENCE / 1_000} s for ${what}`);
      await pause(clock, LOOK, signal);
    }
  };

  let dropping = !srx.passes(HOST.address);
  // The first poll starts at its own time: an alert from before it would be nobody's news.
  await until('the daemon to have asked Carbon Black once', async () => {
    const status = await ask<StatusView>(`${api}/status`);
    return status?.sources.every(({ succeeded }) => succeeded !== undefined) || undefined;
  });
  const sensor = carbonblack.addSensor({ id: HOST.id, name: HOST.name, addresses: [HOST.address] });
  const alert = carbonblack.raiseAlert({
    sensor,
    id: crypto.randomUUID(),
    score: 75,
    created: clock.now(),
    watchlist: 'Suspicious downloads',
    path: FILE.path,
    process: FILE.name,
    md5: FILE.md5,
    sha256: FILE.sha256,
    username: 'FIN\\mharris',
  });
  tell('carbon black', `raises alert ${alert} on ${HOST.name} (${HOST.address}): ${FILE.name}`, 'bad');
  const run = await until('the alert to wake a run', () => runOf(api, alert));

  const watch = new RunWatch(api, run);
  const follow = async () => {
    const { lines, detail } = await watch.look();
    for (const { text, tone } of lines) tell('backline', text, tone);
    const isDropping = !srx.passes(HOST.address);
    if (isDropping !== dropping) {
      dropping = isDropping;
      tell(
        'srx',
        dropping
          ? `has fetched the list and drops the traffic of ${HOST.address}`
          : `lets the traffic of ${HOST.address} pass again`,
        dropping ? 'bad' : 'good',
      );
    }
    return detail;
  };

  await until('the run to end', async () => {
    const detail = await follow();
    return detail !== undefined && detail.status !== 'open' && detail.status !== 'queued' ? detail : undefined;
  });
  await until('the firewall to drop the traffic', async () => {
    await follow();
    return dropping || undefined;
  });
  carbonblack.setStatus(alert, 'Resolved');
  tell('carbon black', `alert ${alert} is resolved`, 'good');
  await until('the host to be let back', async () => {
    const detail = await follow();
    const isOver = detail?.records.some(({ body }) => body.kind === 'response-ended') === true;
    return (isOver && !dropping) || undefined;
  });
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
