import type { Terminal } from './terminal.ts';

/** What is quick needs no progress. */
const PATIENCE = 300;

/** One passing line on stderr, only where somebody looks and only once it takes long. */
export interface Progress {
  tell(text: string): void;
  /** Wipes the line; nothing is shown after it. */
  end(): void;
}

export function progressOn({ showsProgress, talk }: Terminal): Progress {
  const begun = performance.now();
  let isShown = false;
  const wipe = () => void (isShown && process.stderr.write('\r\u001B[2K'));
  return {
    tell(text) {
      if (!showsProgress || performance.now() - begun < PATIENCE) return;
      wipe();
      isShown = true;
      process.stderr.write(talk.faint(text));
    },
    end: wipe,
  };
}
