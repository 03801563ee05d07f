import type { CommandId } from '../base/ids.ts';
import type { Claim, Head, Intent, Turn } from '../engine/ports.ts';
import { StoreFault } from '../engine/ports.ts';
import type { JournalRecord } from '../journal/record.ts';

/** A record on its way into the journal; an intent's with what must hold for it to be written. */
export interface Line {
  readonly record: JournalRecord;
  readonly intent?: { readonly command: CommandId; readonly claims: readonly Claim[] };
}

/** Where a run stands before a turn. */
export type Stood = Pick<Head, 'seq' | 'status'>;

/**
 * The lines of a turn in the order in which they are applied. Throws {@link StoreFault} where the turn does not
 * follow on what is stored: then the engine and the store disagree about the run, and nothing more may be written.
 */
export function linesOf(turn: Turn, stood: Stood): Line[] {
  const lines: Line[] = [
    ...turn.records.map(record => ({ record })),
    ...turn.intents.map(intent => lineOf(turn, intent)),
  ];
  lines.sort((a, b) => a.record.seq - b.record.seq);
  lines.forEach(({ record }, index) => {
    if (record.run !== turn.run) throw wrong(turn, `has a record of run ${record.run}`);
    const expected = stood.seq + index;
    if (record.seq !== expected) throw wrong(turn, `has record ${record.seq} where ${expected} is next`);
  });
  const next = stood.seq + lines.length;
  if (turn.head.seq !== next) throw wrong(turn, `says that record ${turn.head.seq} is next where ${next} is`);
  if (isEnded(stood.status) && turn.head.status !== stood.status) {
    throw wrong(turn, `is ${turn.head.status} after it ended ${stood.status}`);
  }
  return lines;
}

export function wrong(turn: Turn, what: string): StoreFault {
  return new StoreFault(`the turn of run ${turn.run} ${what}`);
}

export function isEnded(status: Head['status']): boolean {
  return status !== 'queued' && status !== 'open';
}

/** Whether a run with this end gives back the keys that it took for `once`. */
export function freesKeys(status: Head['status']): boolean {
  return status === 'failed' || status === 'cancelled';
}

function lineOf(turn: Turn, { record, claims }: Intent): Line {
  const { body } = record;
  if (body.kind !== 'intended' && body.kind !== 'hold-added')
    throw wrong(turn, `intends a record of kind ${body.kind}`);
  if (!claims.every(claim => fits(claim, record)))
    throw wrong(turn, `claims what its record ${record.seq} does not say`);
  const { command } = body.kind === 'intended' ? body.intent : body.hold;
  return { record, intent: { command, claims } };
}

/** The rows follow from the records, so a claim and its record must speak of the same response. */
function fits(claim: Claim, { body, run }: JournalRecord): boolean {
  switch (claim.kind) {
    case 'begin':
      return body.kind === 'intended' && body.intent.response === claim.response;
    case 'join':
      return (
        body.kind === 'hold-added' &&
        body.hold.response === claim.hold.response &&
        body.hold.run === run &&
        body.hold.command === claim.hold.command
      );
    case 'budget':
    case 'unpaused':
      return true;
  }
}
