import type { Clock } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import type { Log } from '../../base/service.ts';
import type { ParsedLine } from '../../formats/formats.ts';
import type { Peer } from './peer.ts';
import type { TakeLines } from './take.ts';

const FIRST_WAIT: Milliseconds = 1_000;
const LONGEST_WAIT: Milliseconds = 60_000;

export interface OfferWorld {
  readonly take: TakeLines;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Offers lines until they are taken, ever more slowly. When the listener stops first they are lost, since syslog has no answer
 * that could have told the sender, and the log says how many.
 */
export async function offer(world: OfferWorld, lines: readonly ParsedLine[], peer: Peer): Promise<void> {
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      return await world.take(lines, peer);
    } catch (error) {
      world.log.error(
        { err: error, ...peer, lines: lines.length },
        'log lines could not be taken; offering them again',
      );
    }
    await pause(world, wait);
    if (world.signal.aborted) {
      world.log.warn(
        { ...peer, lines: lines.length },
        'log lines are lost: the listener stops before they could be taken',
      );
      return;
    }
  }
}

/** Until the time has come or the listener stops. */
function pause({ clock, signal }: OfferWorld, wait: Milliseconds): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.resolve();
  const silence = clock.alarm(clock.now() + wait, wake);
  signal.addEventListener('abort', wake);
  function wake(): void {
    silence();
    signal.removeEventListener('abort', wake);
    resolve();
  }
  return promise;
}
