import type { Entry } from './entry.ts';

/** A feed as it is kept. */
export interface Kept {
  /** Counts its changes. */
  readonly version: number;
  readonly entries: readonly Entry[];
}

/** Where feeds are kept over restarts. */
export interface FeedKeeper {
  load(feed: string): Promise<Kept | undefined>;
  /** On disk when it resolves. */
  save(feed: string, kept: Kept): Promise<void>;
}

/** As long as the process lives. */
export function memoryKeeper(): FeedKeeper {
  const kept = new Map<string, Kept>();
  return {
    load: async feed => kept.get(feed),
    save: async (feed, state) => void kept.set(feed, state),
  };
}
