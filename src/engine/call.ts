import type { CommandId, InputId, RunId } from '../base/ids.ts';
import { formatProblem, validate } from '../base/schema.ts';
import type { CallCommand, Outcome } from '../machine/command.ts';
import { resultOf } from '../machine/result.ts';
import { paramType } from '../playbook/root-types.ts';
import type { Life } from './life.ts';
import type { Input, InputBody } from './ports.ts';
import type { Run } from './run.ts';
import { calledWake } from './wake.ts';

/*
 * A call: a run of its own, of which this one waits for the end.
 *
 * C1  The called run's id is on disk with its caller before it is born, so that a crash bears it once.
 * C2  Its result is an input of the caller's, on disk with the turn that ends it.
 * C3  What a caller has called is in its journal: an undo of the one reaches into the other.
 */

/** One below the other. */
const MOST_DEPTH = 4;

export async function callCommand(run: Run, command: CallCommand, life: Life): Promise<void> {
  const { core, birth } = run;
  const fail = (reason: string, detail: string) =>
    run.settle({ command: command.id, outcome: { status: 'failed', reason, detail, at: core.clock.now() } });
  const depth = (birth.caller?.depth ?? 0) + 1;
  if (depth > MOST_DEPTH) return fail('too-many', `calls are nested at most ${MOST_DEPTH} deep`);
  const installed = core.playbook(command.playbook);
  const child = life.stage === 'calling' ? life.child : core.ids.run();
  if (life.stage === 'calling' && (await core.store.query.run(child)) !== undefined) return; // C2
  if (installed === undefined) return fail('not-found', `there is no playbook ${command.playbook}`);
  const declared = installed.compiled.playbook.inputs;
  const defaults = declared.flatMap(({ id, default: value }) => (value === undefined ? [] : [[id, value] as const]));
  const inputs = { ...Object.fromEntries(defaults), ...command.inputs };
  const properties = Object.fromEntries(declared.map(input => [input.id, paramType(input)]));
  const schema = {
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  } as const;
  const [problem] = validate(schema, inputs);
  if (problem !== undefined) return fail('invalid-input', formatProblem(problem));
  const waking = calledWake(installed, {
    run: child,
    at: core.clock.now(),
    url: core.url(child),
    inputs,
    caller: birth,
    command: command.id,
    depth,
    ...(command.timeout === undefined ? {} : { timeout: command.timeout }),
  });
  if ('refused' in waking) return fail('unavailable', waking.refused);
  if (life.stage !== 'calling') {
    run.setLife(command, { stage: 'calling', child });
    run.note([{ kind: 'called', command: command.id, playbook: command.playbook, run: child }]);
    await run.saved(); // C1
  }
  // Whoever was cancelled meanwhile begins nothing, and what had begun by then is cancelled too.
  if (!run.wants(command.id))
    return run.settle({ command: command.id, outcome: { status: 'cancelled', at: core.clock.now() } });
  await core.bear(waking.wake);
  if (!run.wants(command.id)) await passCancel(run, child, `run ${run.id}`);
}

/** C2 */
export function returned({ birth, compiled, state, status }: Run, because: string | undefined): Input | undefined {
  const { caller, facts } = birth;
  if (caller === undefined) return undefined;
  const { memory } = state.main;
  const reason = memory.outcomes[memory.ending?.step ?? '']?.reason;
  const body: InputBody = {
    kind: 'returned',
    command: caller.command,
    child: facts.run,
    status: status === 'queued' || status === 'open' ? 'failed' : status,
    ...(reason === undefined ? {} : { reason }),
    ...(because === undefined ? {} : { because }),
    output: resultOf(compiled, facts, state),
  };
  return { id: `returned:${facts.run}` as InputId, run: caller.run, at: memory.ending?.at ?? facts.started, body };
}

export function takeReturned(run: Run, body: Extract<InputBody, { kind: 'returned' }>): void {
  const { command, output } = body;
  const outcome = outcomeOf(body, run.core.clock.now());
  const hasResult = outcome.status === 'done' || outcome.status === 'unconfirmed';
  run.settle({ command, outcome, ...(hasResult ? { output } : {}) });
}

/** What was left undone in a called run has not been done for its caller either. */
function outcomeOf({ child, status, reason, because }: Extract<InputBody, { kind: 'returned' }>, at: number): Outcome {
  const detail = `run ${child}${because === undefined ? '' : `: ${because}`}`;
  switch (status) {
    case 'done':
      return { status: 'done', at };
    case 'partial':
      return { status: 'unconfirmed', reason: 'partial', detail, at };
    case 'failed':
      return { status: 'failed', reason: reason ?? 'rejected', detail, at };
    case 'cancelled':
      return { status: 'cancelled', detail, at };
  }
}

/** A cancel is passed on; the called run ends as any other does, and its caller waits for that. */
export async function passCancel(run: Run, child: RunId, by: string): Promise<void> {
  const { core } = run;
  if ((await core.store.query.run(child)) === undefined) return;
  const input: Input = {
    id: `cancel:${run.id}` as InputId,
    run: child,
    at: core.clock.now(),
    body: { kind: 'cancel', by, undo: false },
  };
  const [delivered] = await core.store.deliver([input]);
  if (delivered === 'delivered') (await core.run(child)).receive(input);
}

/** C3: newest first. */
export async function calledBy(run: Run): Promise<{ readonly command: CommandId; readonly child: RunId }[]> {
  const records = await run.core.store.query.records(run.id);
  return records
    .flatMap(({ body }) => (body.kind === 'called' ? { command: body.command, child: body.run } : []))
    .toReversed();
}
