import { startDaemon } from '../../daemon/daemon.ts';
import type { Override } from '../../daemon/layers.ts';
import { createLog } from '../../daemon/log.ts';
import { untilSignal } from '../../daemon/signals.ts';
import { StartTrouble } from '../../daemon/start-trouble.ts';
import { EXIT, misuse } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { readLiveConfig } from '../live-config.ts';
import { printFindings } from '../print/findings.ts';

/** Runs the daemon until it is told to stop. SIGHUP reads the project anew. */
export async function serve(invocation: Invocation): Promise<number> {
  const { terminal, isVerbose } = invocation;
  const { config, catalogue, base, reread } = readLiveConfig(invocation, isVerbose ? [VERBOSE] : []);
  const log = createLog(config.log);
  const early = earlySignals();
  // Asked for while the daemon starts or stops, a reload means nothing; it must not end the process either.
  process.on('SIGHUP', () => {});
  try {
    const daemon = await startDaemon(config, { catalogue, base, reread, log });
    const signal = untilSignal(daemon, log);
    // Only now: between two listeners a signal would end the process, or be lost.
    const missed = early.end();
    if (missed !== undefined) process.kill(process.pid, missed);
    return (await signal) === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  } catch (error) {
    if (!(error instanceof StartTrouble)) throw error;
    const { diagnostics, hint } = error;
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) {
      terminal.complain(printFindings({ diagnostics: errors, texts: new Map() }, 'pretty', terminal.talk));
    }
    throw misuse(error.message, hint);
  } finally {
    early.end();
  }
}

const VERBOSE: Override = { path: ['log', 'level'], value: 'debug', from: { kind: 'flag', name: '--verbose' } };

type StopSignal = 'SIGTERM' | 'SIGINT';

/** A signal that comes while the daemon starts must not end the process in the middle; the daemon stops once it is up. */
function earlySignals(): { end(): StopSignal | undefined } {
  let first: StopSignal | undefined;
  const keep = (signal: StopSignal): void => void (first ??= signal);
  process.on('SIGTERM', keep).on('SIGINT', keep);
  return {
    end() {
      process.off('SIGTERM', keep).off('SIGINT', keep);
      return first;
    },
  };
}
