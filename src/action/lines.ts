import type { Lines } from '../base/lines.ts';

/** For whoever does not declare that it sends lines: that is our bug, so it throws. */
export function noLines(fullName: string): Lines {
  return () => Promise.reject(new Error(`${fullName} sends a log line, which it does not declare, or must not`));
}
