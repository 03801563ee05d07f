import type { Action } from '../action/action.ts';
import type { Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { Log } from '../base/service.ts';
import type { Activity } from '../engine/activity.ts';
import type { Connections } from './connections.ts';

/** What such a message has, from waiting for its turn to the answer. */
const PATIENCE = 60_000;

interface InformWorld {
  readonly connections: Connections;
  /** `notify.send`, if it is installed. */
  readonly send: Action | undefined;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Tells a person what no playbook told: through the notify connection, and into the log where that does not work. */
export function informer(world: InformWorld): (owner: string, subject: string, body: string) => void {
  const { connections, send, activity, clock, ids, log } = world;
  return (owner, subject, body) => {
    const connection = send && connections.get(send.connector);
    if (send === undefined || connection === undefined)
      return log.warn({ owner, subject, body }, 'somebody is to be told, and there is no notify connection');
    const untold = (why: object): void => log.error({ owner, subject, body, ...why }, 'somebody could not be told');
    activity.spawn(
      async () => {
        const limit = activity.deadline(clock.now() + PATIENCE, new AbortController().signal);
        const { settings } = connection.configured;
        const key = `inform/${ids.token()}`;
        try {
          const answer = await connection.use(limit.signal, http =>
            send.perform(
              { to: owner, subject, body },
              { http, settings, key, now: clock.now(), signal: limit.signal, log },
            ),
          );
          if (answer.kind !== 'done') untold({ answer });
        } finally {
          limit.release();
        }
      },
      fault => untold({ err: fault }),
    );
  };
}
