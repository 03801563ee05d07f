import type { Socket } from 'node:net';
import type { Milliseconds } from '../../base/duration.ts';
import { Framer } from './framer.ts';
import type { Frame } from './framer.ts';
import { IdleWatch } from './idle.ts';
import type { OfferWorld } from './offer.ts';
import { offer } from './offer.ts';
import type { Peer } from './peer.ts';
import { BATCH, parseFrame } from './take.ts';

/**
 * Reads one connection to its end, and no faster than its lines are taken: while a batch is on offer the socket is not read, so
 * TCP makes the sender wait. Resolves when the connection is over and what came of it was taken.
 */
export async function readConnection(
  world: OfferWorld,
  socket: Socket,
  peer: Peer,
  { idle, longest }: { readonly idle: Milliseconds; readonly longest: number },
): Promise<void> {
  const framer = new Framer(longest);
  let isOffering = false;
  const watch = new IdleWatch({
    clock: world.clock,
    longest: idle,
    // Waiting for the disk is ours, not the sender's silence.
    isExcused: () => isOffering,
    expire() {
      world.log.info({ ...peer }, 'a syslog connection was silent for too long and is closed');
      socket.destroy();
    },
  });
  const offerAll = async (frames: readonly Frame[]): Promise<void> => {
    isOffering = true;
    for (let index = 0; index < frames.length; index += BATCH) {
      await offer(
        world,
        frames.slice(index, index + BATCH).map(frame => parseFrame(frame, longest)),
        peer,
      );
    }
    isOffering = false;
    watch.notice();
  };
  try {
    for await (const chunk of socket) await offerAll(framer.push(chunk as Buffer));
  } catch (error) {
    // Reset by the sender, by the idle watch or by our own stop: what came is still to be taken.
    world.log.debug({ err: error, ...peer }, 'a syslog connection broke');
  } finally {
    watch.stop();
  }
  await offerAll(framer.end());
}
