import type { Log } from '../base/service.ts';
import type { Daemon } from './daemon.ts';

/** Lets a process be a daemon: SIGHUP reloads, SIGTERM and SIGINT stop. Resolves with the signal once it has stopped. */
export function untilSignal(daemon: Daemon, log: Log): Promise<'SIGTERM' | 'SIGINT'> {
  return new Promise((resolve, reject) => {
    const reload = (): void => {
      daemon.reload().catch((fault: unknown) => log.error({ err: fault }, 'a bug broke off the reload'));
    };
    const stop = (signal: 'SIGTERM' | 'SIGINT'): void => {
      process.off('SIGHUP', reload);
      log.info({ signal }, 'the daemon stops');
      // A second signal finds no listener and ends the process at once.
      daemon.stop().then(() => resolve(signal), reject);
    };
    process.on('SIGHUP', reload);
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  });
}
