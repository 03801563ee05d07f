import type { ActionContext } from '../action/action.ts';
import { VerifyTrouble } from '../action/action.ts';
import type { Standing } from '../action/outcome.ts';
import { declaredWays } from '../action/declared-ways.ts';
import { declaredFiles } from '../action/files.ts';
import { readOnlyRpcs } from '../action/read-only-rpcs.ts';
import { readOnly } from '../action/read-only.ts';
import type { Clock } from '../base/clock.ts';
import type { Files } from '../base/file.ts';
import type { Json } from '../base/json.ts';
import type { Log } from '../base/service.ts';
import type { Call, Performed, Performer } from '../engine/performer.ts';
import type { Connections, OpenConnection } from './connections.ts';

/**
 * The performer that calls products. What an action declares is enforced here, not believed: a `read` and every `verify`
 * get a wire on which only GET, HEAD and what the action names as questions pass, and a session on which only RPCs pass
 * that read. An action whose connection is not configured fails, and nothing leaves.
 */
export function livePerformer(world: {
  readonly connections: Connections;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
}): Performer {
  const { connections, files, clock, log } = world;

  function use<T>(
    connection: OpenConnection,
    call: Call,
    isRead: boolean,
    act: (context: ActionContext) => Promise<T>,
  ): Promise<T> {
    const { signal, key, action, input } = call;
    const { settings } = connection.configured;
    return connection.use(
      signal,
      ({ http, lines, mail, rpcs }) =>
        act({
          http: isRead ? readOnly(http, action.asks) : http,
          files: declaredFiles(files, action, input),
          ...declaredWays({ lines, mail }, action, isRead),
          rpcs: isRead ? readOnlyRpcs(rpcs) : rpcs,
          settings,
          key,
          now: clock.now(),
          signal,
          log,
        }),
      call.admission,
    );
  }

  async function perform(call: Call, act: (context: ActionContext) => Promise<Performed>): Promise<Performed> {
    const connection = connections.get(call.action.connector);
    if (connection === undefined) return { kind: 'failed', reason: 'not-found', detail: unconnected(call) };
    return use(connection, call, call.action.effect === 'read', act);
  }

  return {
    perform: call => perform(call, context => call.action.perform(call.input, context)),
    resume: (call, token) =>
      perform(call, async context => {
        const { action, input } = call;
        if (action.resume === undefined) throw new Error(`${action.fullName} answered pending and has no resume`);
        return action.resume(token, input, context);
      }),
    held({ action, input }) {
      const connection = connections.get(action.connector);
      return connection?.held(action.through?.(input, connection.configured.settings) ?? ['default']);
    },
    async verify(call: Call): Promise<Standing> {
      const connection = connections.get(call.action.connector);
      if (connection === undefined) throw new VerifyTrouble(unconnected(call), { reason: 'not-found' });
      const { action, input } = call;
      return use(connection, call, true, async context => {
        if (action.verify === undefined) throw new Error(`${action.fullName} has no verify`);
        return action.verify(input, context);
      });
    },
  };
}

function unconnected({ action }: Call): string {
  return `the configuration has no connection "${action.connector}"`;
}

/** What a write's prediction is, for whoever plans instead of performing. */
export function predicted({ action, input }: Call): { readonly kind: 'planned'; readonly output?: Json } {
  const output = action.plan?.(input, undefined).output;
  return { kind: 'planned', ...(output === undefined ? {} : { output }) };
}
