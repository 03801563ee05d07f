import type { Action, Target } from '../action/action.ts';
import type { Standing } from '../action/outcome.ts';
import type { ResponseKey } from '../base/ids.ts';
import type { DoCommand } from '../machine/command.ts';
import { WRITE_TIMEOUT } from './attempt.ts';
import type { Judged, Refusal } from './guardrails.ts';
import { changes, judgeGuardrails } from './guardrails.ts';
import type { KnownTarget } from './hosts.ts';
import { alsoKnown } from './hosts.ts';
import type { Run } from './run.ts';
import { Stopped } from './stopped.ts';

/** A write on its way. */
export interface Write {
  readonly run: Run;
  readonly command: DoCommand;
  readonly action: Action;
  readonly targets: readonly Target[];
  /** What else they are known as, as of when it was last looked up. */
  readonly known?: readonly KnownTarget[];
  /** Where it becomes a response. */
  readonly key?: ResponseKey;
}

export function timeoutOf({ command, action }: Write): number {
  return command.timeout ?? action.timeout ?? WRITE_TIMEOUT;
}

export function judge({ run, action, targets, known = [] }: Write): Judged {
  const { playbook, mode } = run.birth.facts;
  return judgeGuardrails(run.core.guardrails(), { action, targets, known, playbook, mode });
}

/** What stops this very attempt: a pause, or a guardrail that came since the intent. Budgets have counted the intent (E8). */
export function stopOf(write: Write, before: Standing | undefined): Refusal | undefined {
  if (changes(write.action) && write.run.core.pause.state !== undefined) return PAUSED;
  return judge(withTargets(write, before)).refusal;
}

const PAUSED: Refusal = { rule: 'pause', detail: 'responses are paused' };

export function refuse({ run, command }: Write, { refusal }: Pick<Judged, 'refusal'>): boolean {
  if (refusal === undefined) return false;
  const { rule, where, detail } = refusal;
  const place = where === undefined ? '' : ` (${where})`;
  run.settle(
    {
      command: command.id,
      outcome: { status: 'refused', reason: rule, detail: `${detail}${place}`, at: run.core.clock.now() },
    },
    [{ kind: 'refused', command: command.id, ...refusal }],
  );
  return true;
}

/** Sensor 31 is DC-01 is 10.0.0.5: what is known now of whom a write acts on, to be asked whenever it is about to be judged. */
export async function knowing(write: Write): Promise<Write> {
  const { run, action, targets } = write;
  if (!changes(action)) return write;
  const { core } = run;
  try {
    const known = await alsoKnown(core.store.query, targets, core.clock.now(), core.hostRules());
    return { ...write, known };
  } catch (error) {
    // The store is closed already.
    if (core.stopping.aborted) throw new Stopped();
    throw error;
  }
}

/** A guardrail on DC-* stops an isolation of sensor 31 as soon as the product says who sensor 31 is. */
export function withTargets(write: Write, before: Standing | undefined): Write {
  const known = before?.targets ?? [];
  return known.length === 0
    ? write
    : { ...write, targets: [...write.targets, ...known.map(target => ({ input: '', ...target }))] };
}
