import type { JournalRecord } from '../journal/record.ts';
import type { Compiled } from '../machine/compiled.ts';
import { stepsOf } from '../machine/steps.ts';
import type { Memory } from '../machine/state.ts';
import type { Core } from './core.ts';
import type { Run } from './run.ts';

/** Tells the owner of a playbook that a run of it failed, if nobody else was told (LANGUAGE 8.1). Shadow runs tell nobody. */
export function tellOwners(core: Core, records: readonly JournalRecord[]): void {
  for (const { run: id, body } of records) {
    if (body.kind !== 'ended' || body.status !== 'failed') continue;
    core.activity.spawn(
      async () => {
        const run = await core.run(id);
        if (run.birth.facts.mode === 'active' && !hasToldSomebody(run.memory, run.compiled))
          tell(core, run, body.because);
      },
      fault => core.fault(fault, 'telling an owner'),
    );
  }
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

function tell(core: Core, run: Run, because: string | undefined): void {
  const { facts } = run.birth;
  const step = run.memory.ending?.step;
  const why = because ?? (step === undefined ? 'see its journal' : `step ${step} failed`);
  core.inform(
    run.compiled.playbook.owner,
    `${facts.playbook} failed: ${facts.incident}`,
    `Run ${run.id} failed, and nobody was told: ${why}. ${facts.url}`,
  );
}
