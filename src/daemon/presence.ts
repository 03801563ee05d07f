import type { Activity } from '../engine/activity.ts';

/** Of one call in the count of what is under way. */
export interface Presence {
  /** A request of it begins; what is returned ends it. */
  enter(): () => void;
  /** A request of it waits. */
  begin(): void;
  end(): void;
}

/** A call is one task, however many requests it makes at once: it is away only while all of them wait. */
export function presenceOf(activity: Activity): Presence {
  let requests = 0;
  let waiting = 0;
  let isAway = false;
  const settle = (): void => {
    const isWaiting = waiting > 0 && waiting === requests;
    if (isWaiting === isAway) return;
    isAway = isWaiting;
    if (isAway) activity.leave();
    else activity.enter();
  };
  const count = (more: { readonly requests?: number; readonly waiting?: number }): void => {
    requests += more.requests ?? 0;
    waiting += more.waiting ?? 0;
    settle();
  };
  return {
    enter(): () => void {
      count({ requests: 1 });
      return () => count({ requests: -1 });
    },
    begin: () => count({ waiting: 1 }),
    end: () => count({ waiting: -1 }),
  };
}
