import type { JsonObject } from '../base/json.ts';
import { formatProblem } from '../base/schema.ts';
import { normalise } from '../event/event.ts';
import type { EmitCommand, Outcome } from '../machine/command.ts';
import type { Received } from './intake.ts';
import { StoreTrouble } from './ports.ts';
import type { Run } from './run.ts';

/** How often an emitted event may lead to another: else two playbooks that wake each other would never end. */
const MOST_HOPS = 8;

/** Between tries when the store cannot take the event. */
const STORE_RETRY = 1_000;

/**
 * An `emit` step: the event goes the way of every other, on disk before the step is done (E1). Its id follows from run and
 * step where the playbook gives none, so that after a crash it is accepted once (E3).
 */
export async function emitCommand(run: Run, command: EmitCommand): Promise<void> {
  const { core, birth } = run;
  const hops = (birth.hops ?? 0) + 1;
  const { event } = command;
  const id = String(event['id']);
  const settle = (outcome: Omit<Outcome, 'at'>) => {
    const output = outcome.status === 'done' ? { output: { id } } : {};
    run.settle({ command: command.id, outcome: { ...outcome, at: core.clock.now() }, ...output });
  };
  if (hops > MOST_HOPS) {
    const detail = `an event leads to at most ${MOST_HOPS} others, one after another`;
    return settle({ status: 'failed', reason: 'too-many', detail });
  }
  const normalised = normalise(event, command.type, core.catalogue.eventTypes);
  if ('problems' in normalised) {
    const detail = normalised.problems.map(formatProblem).join('; ');
    return settle({ status: 'failed', reason: 'invalid-input', detail });
  }
  // E2: what it follows from comes first. A shadow run wakes nobody.
  await run.saved();
  if (birth.facts.mode === 'shadow') return settle({ status: 'done', planned: true });
  const received = await accepted(run, command.type, event, hops);
  if (received === undefined) return;
  if (received.kind === 'rejected')
    return settle({ status: 'failed', reason: 'invalid-input', detail: received.reason });
  settle({ status: 'done' });
}

/** Undefined when the daemon stops first. */
async function accepted(
  { core, id }: Run,
  type: string,
  event: JsonObject,
  hops: number,
): Promise<Received | undefined> {
  for (;;) {
    try {
      return await core.emit(type, event, hops);
    } catch (error) {
      if (core.stopping.aborted) return undefined;
      if (!(error instanceof StoreTrouble)) throw error;
      core.log.warn({ run: id, trouble: error.message }, 'the store did not take an emitted event');
      if ((await core.activity.sleep(core.clock.now() + STORE_RETRY, core.stopping)) === 'aborted') return undefined;
    }
  }
}
