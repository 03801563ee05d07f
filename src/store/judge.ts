import type { Instant } from '../base/clock.ts';
import { formatDuration } from '../base/duration.ts';
import type { CommandId, ResponseKey, RunId } from '../base/ids.ts';
import type { Claim } from '../engine/ports.ts';
import type { JournalRecord, ResponseRow } from '../journal/record.ts';
import type { Line } from './turn.ts';

/** What a store must know to judge claims, as of now and inside the transaction that writes the intent. */
export interface Ground {
  readonly now: Instant;
  /** How many intents this rule granted after `since`. */
  granted(rule: string, since: Instant): number;
  pause(): { readonly by: string; readonly because: string } | undefined;
  /** The newest response with this key that has not ended. */
  standing(key: ResponseKey): Pick<ResponseRow, 'run' | 'state'> | undefined;
  /** Who intends this response and has not settled. */
  intended(key: ResponseKey): readonly By[];
}

interface By {
  readonly run: RunId;
  readonly command: CommandId;
}

export interface Refusal {
  readonly command: CommandId;
  readonly rule: string;
  readonly detail: string;
}

/** The first claim of an intent that does not hold, if any (E8). Nothing is counted here: a refused intent uses up no budget. */
export function judge({ record, intent }: Line, ground: Ground): Refusal | undefined {
  if (!intent) return undefined;
  const { command, claims } = intent;
  for (const claim of claims) {
    const detail = objection(claim, { run: record.run, command }, ground);
    if (detail !== undefined) return { command, rule: ruleOf(claim), detail };
  }
  return undefined;
}

/** What is written where the intent would have stood. */
export function refused({ run, seq, at }: JournalRecord, refusal: Refusal): JournalRecord {
  return { run, seq, at, body: { kind: 'refused', ...refusal } };
}

function objection(claim: Claim, by: By, ground: Ground): string | undefined {
  switch (claim.kind) {
    case 'budget': {
      const granted = ground.granted(claim.rule, ground.now - claim.window);
      return granted < claim.most ? undefined : `${granted} of ${claim.most} in ${formatDuration(claim.window)}`;
    }
    case 'unpaused': {
      const pause = ground.pause();
      return pause && `paused by ${pause.by}: ${pause.because}`;
    }
    case 'begin': {
      const standing = ground.standing(claim.response);
      if (standing) return `it is ${standing.state} by run ${standing.run}`;
      const other = ground
        .intended(claim.response)
        .find(({ run, command }) => run !== by.run || command !== by.command);
      return other && `run ${other.run} is about to begin it`;
    }
    case 'join': {
      const standing = ground.standing(claim.hold.response);
      if (!standing) return 'it is not in force';
      return standing.state === 'undoing' ? 'it is being taken back' : undefined;
    }
  }
}

function ruleOf(claim: Claim): string {
  switch (claim.kind) {
    case 'budget':
      return claim.rule;
    case 'unpaused':
      return 'pause';
    case 'begin':
    case 'join':
      return claim.kind;
  }
}
