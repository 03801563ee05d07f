import type { ParsedLine } from '../../formats/formats.ts';
import { parseLine } from '../../formats/formats.ts';
import type { Frame } from './framer.ts';
import type { Peer } from './peer.ts';

/**
 * Takes lines of one sender, in their order. Resolve when they are on disk (E1); until then nothing more is read from that
 * connection. Reject when nothing of them is: the same lines are offered again, later.
 */
export type TakeLines = (lines: readonly ParsedLine[], peer: Peer) => Promise<void>;

/** The most lines that are offered at once. */
export const BATCH = 256;

/** A line that its connection broke off says so. */
export function parseFrame({ bytes, isWhole }: Frame, longest: number): ParsedLine {
  const line = parseLine(bytes, longest);
  return isWhole ? line : { ...line, problems: [...line.problems, { kind: 'incomplete' }] };
}
