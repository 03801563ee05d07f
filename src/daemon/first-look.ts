import type { Action } from '../action/action.ts';
import type { Log } from '../base/service.ts';
import type { CheckWorld } from './connection-checks.ts';
import { checkConnections } from './connection-checks.ts';

/**
 * Looks at every product once when the daemon has started, and says loudly what will not work: credentials that are refused,
 * rights that are missing, products that do not answer. The daemon is up meanwhile, and stays so.
 */
export function firstLook(
  world: Omit<CheckWorld, 'signal'> & { readonly log: Log },
  used: readonly Action[],
): { stop(): Promise<void> } {
  const { log } = world;
  const stopping = new AbortController();
  const look = async (): Promise<void> => {
    try {
      const checks = await checkConnections({ ...world, signal: stopping.signal }, used);
      if (stopping.signal.aborted) return;
      for (const { name, result, detail, hint } of checks) {
        const facts = { check: name, detail, ...(hint === undefined ? {} : { hint }) };
        if (result === 'failed') log.error(facts, 'a connection does not work; see `backline doctor`');
        else if (result === 'warning') log.warn(facts, 'a connection should be looked at; see `backline doctor`');
      }
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error }, 'a bug broke off the look at the connections');
    }
  };
  const looked = look();
  return {
    async stop() {
      stopping.abort(new DOMException('the daemon stops', 'AbortError'));
      await looked;
    },
  };
}
