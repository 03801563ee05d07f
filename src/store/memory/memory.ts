import type { Clock } from '../../base/clock.ts';
import type { Store, StoredRun } from '../../engine/ports.ts';
import { StoreTrouble } from '../../engine/ports.ts';
import { accept, deliver, wake } from './accept.ts';
import { commit } from './commit.ts';
import { keep } from './keep.ts';
import { note } from './note.ts';
import { memoryQueries } from './queries.ts';
import type { State } from './state.ts';
import { copy, emptyState, storedRun, waiting } from './state.ts';

/**
 * A store that is gone with its process: for plans, cases and tests. Every call is done before its promise is made, so
 * nothing can come between. What goes in is copied and what comes out is frozen; nothing is ever pruned.
 */
export function createMemoryStore({ clock }: { readonly clock: Clock }): Store {
  const state = emptyState();
  let closed = false;

  function open(): State {
    if (closed) throw new StoreTrouble('the store is closed');
    return state;
  }

  return {
    accept: async batch => accept(open(), copy(batch), clock.now()),
    wake: async wakes => wake(open(), copy(wakes), clock.now()),
    commit: async turns => commit(open(), copy(turns), clock.now()),
    deliver: async inputs => deliver(open(), copy(inputs)).map(isNew => (isNew ? 'delivered' : 'duplicate')),
    note: async facts => copy(facts).forEach(fact => note(open(), fact)),
    keep: async act => keep(open(), copy(act), clock.now()),
    load: () => load(open),
    query: memoryQueries(open, clock),
    ready: async () => void open(),
    close: async () => {
      closed = true;
    },
  };
}

async function* load(open: () => State): AsyncGenerator<StoredRun> {
  for (const run of open().runs.values()) {
    const isUnsettled = Object.keys(run.head.commands as object).length > 0;
    if (run.ended === undefined || waiting(run).length > 0 || isUnsettled) yield storedRun(run);
  }
}
