import type { Clock, Instant } from '../base/clock.ts';

/** The longest that a timer of Node's can wait; a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * The machine's clock. An alarm asks the time again when it rings, so that a machine that slept, or whose clock was set,
 * is late or early by one timer at most. Alarms do not keep the process alive: whoever wants to live on holds a socket.
 */
export const realClock: Clock = {
  now: () => Date.now(),
  alarm(at: Instant, wake: () => void): () => void {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const left = Math.max(0, Math.min(at - Date.now(), LONGEST));
      timer = setTimeout(() => (Date.now() < at ? arm() : wake()), left).unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};
