import type { Action } from '../action/action.ts';
import { declaredWays } from '../action/declared-ways.ts';
import type { Clock } from '../base/clock.ts';
import { noFiles } from '../base/file.ts';
import type { Log } from '../base/service.ts';
import type { Activity } from '../engine/activity.ts';
import type { Notice } from '../engine/ports.ts';
import type { Connections } from './connections.ts';

/** What such a message has, from waiting for its turn to the answer. */
const PATIENCE = 60_000;

interface InformWorld {
  readonly connections: Connections;
  /** `notify.send`, if it is installed. */
  readonly send: Action | undefined;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tells a person what no playbook told, through the notify connection. Resolves with what stood in the way, if anything. */
export function informer(world: InformWorld): (notice: Notice, key: string) => Promise<string | undefined> {
  const { connections, send, activity, clock, log } = world;
  return async (notice, key) => {
    const connection = send && connections.get(send.connector);
    if (send === undefined || connection === undefined) return 'there is no notify connection';
    const limit = activity.deadline(clock.now() + PATIENCE, new AbortController().signal);
    const { settings } = connection.configured;
    try {
      const answer = await connection.use(limit.signal, ({ http, lines, mail, rpcs }) =>
        send.perform(
          { ...notice },
          {
            http,
            files: noFiles,
            ...declaredWays({ lines, mail }, send, false),
            rpcs,
            settings,
            key,
            now: clock.now(),
            signal: limit.signal,
            log,
          },
        ),
      );
      return answer.kind === 'done' ? undefined : 'detail' in answer ? answer.detail : answer.kind;
    } catch (trouble) {
      return trouble instanceof Error ? trouble.message : String(trouble);
    } finally {
      limit.release();
    }
  };
}
