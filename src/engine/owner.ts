import type { Compiled } from '../machine/compiled.ts';
import { stepsOf } from '../machine/steps.ts';
import type { Memory } from '../machine/state.ts';
import type { Core } from './core.ts';
import type { Input, Notice } from './ports.ts';
import type { RetryPolicy } from './retry.ts';
import { nextAttempt } from './retry.ts';
import type { Run } from './run.ts';

/** Twenty minutes in all; then the log and the journal have it. */
const PATIENCE: RetryPolicy = { times: 9, every: 5_000, max: 600_000 };

/** The owner of a playbook hears that a run of it failed, if nobody else was told (LANGUAGE 8.1). Shadow runs tell nobody. */
export function tellOfFailure(run: Run, because: string | undefined): void {
  const { facts } = run.birth;
  if (facts.mode !== 'active' || hasToldSomebody(run.memory, run.compiled)) return;
  const step = run.memory.ending?.step;
  const why = because ?? (step === undefined ? 'see its journal' : `step ${step} failed`);
  run.tellOwner(
    `${facts.playbook} failed: ${facts.incident}`,
    `Run ${run.id} failed, and nobody was told: ${why}. ${facts.url}`,
  );
}

/**
 * Sends what is on disk as an input, which is consumed when that has worked or is given up. After a crash it is sent
 * again with the same key: told twice is better than not told (E6).
 */
export async function tell(core: Core, input: Input, { to, subject, body }: Notice): Promise<void> {
  let trouble: string | undefined;
  for (let attempt = 1; ; attempt++) {
    trouble = await core.inform({ to, subject, body }, `${input.run}/${input.id}`);
    if (core.stopping.aborted) return;
    const again = trouble === undefined ? undefined : nextAttempt(PATIENCE, attempt, core.clock.now(), Infinity);
    if (again === undefined) break;
    if ((await core.activity.sleep(again, core.stopping)) === 'aborted') return;
  }
  if (trouble !== undefined) core.log.error({ to, subject, body, trouble }, 'somebody could not be told');
  const said = { kind: 'told-owner', to, subject, ...(trouble === undefined ? {} : { trouble }) } as const;
  await (await core.run(input.run)).consume(input, [said]);
}

/** Whether a message of the playbook's own went out, in whatever round. */
function hasToldSomebody(memory: Memory, compiled: Compiled): boolean {
  const steps = stepsOf(compiled);
  const isMessage = (id: string): boolean => {
    const step = steps.get(id);
    return step?.kind === 'do' && compiled.actions[step.do]?.effect === 'message';
  };
  const own = Object.entries(memory.outcomes).some(([id, { status }]) => status === 'done' && isMessage(id));
  return (
    own || Object.values(memory.rounds ?? {}).some(rounds => rounds.some(round => hasToldSomebody(round, compiled)))
  );
}
