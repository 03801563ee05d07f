import type { Rpcs } from '../base/rpc.ts';
import { rpcEffect } from '../base/rpc.ts';

/**
 * Passes RPCs that read, and throws on anything else before a single one is sent (decision 0009). The engine gives this to
 * reads and to `verify`: what an action declares is then not believed but enforced.
 */
export function readOnlyRpcs(rpcs: Rpcs): Rpcs {
  return (signal, work) =>
    rpcs(signal, session =>
      work({
        lasts: session.lasts,
        async call(asked) {
          const other = asked.find(rpc => rpcEffect(rpc) !== 'read');
          if (other !== undefined) throw new Error(`an action declared as read tried to ${other.name}`);
          return session.call(asked);
        },
      }),
    );
}

/** For whoever has no device. */
export const noRpcs: Rpcs = () => Promise.reject(new Error('the connector has no device'));
