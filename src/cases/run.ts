import type { Catalogue } from '../action/connector.ts';
import { OWN, SCHEDULE_EVENT } from '../action/own.ts';
import type { Instant } from '../base/clock.ts';
import { formatInstant } from '../base/clock.ts';
import { formatDuration, parseDuration } from '../base/duration.ts';
import type { RunId } from '../base/ids.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { canonical, isObject, own } from '../base/json.ts';
import { correlationsOf } from '../engine/correlations.ts';
import type { Guardrails } from '../engine/guardrails.ts';
import { NO_GUARDRAILS } from '../engine/guardrails.ts';
import { originOf } from '../event/event.ts';
import { performOwn } from '../engine/own-performer.ts';
import type { Installed } from '../engine/playbooks.ts';
import { scheduleEvent, schedulesOf } from '../engine/schedules.ts';
import type { Simulation } from '../plan/simulation.ts';
import { calleesOf, EVERYBODY, simulate } from '../plan/simulation.ts';
import type { Case, CaseEvent, Moment } from './case.ts';
import { unmet } from './expect.ts';
import { defaultsOf, givenFor } from './given.ts';
import type { Script } from './script.ts';
import { createScript } from './script.ts';

export interface CaseResult {
  readonly case: Case;
  readonly passed: boolean;
  /** One line for each thing that is not as expected. */
  readonly failures: readonly string[];
  readonly simulation: Simulation;
  readonly script: Script;
}

export interface CaseWorld {
  readonly catalogue: Catalogue;
  readonly installed: Installed;
  /** The playbooks that it may call. */
  readonly others?: readonly Installed[];
  /** Reads a file that the case names, relative to the case's own. */
  read(path: string): string;
  guardrails(path: string): Guardrails;
}

/** A simulated case comes to its end long before. */
const LONGEST = 365 * 86_400_000;

/** Plays one case on the simulated clock and compares. Throws only for a bug of ours. */
export async function runCase(found: Case, world: CaseWorld): Promise<CaseResult> {
  const { catalogue } = world;
  const { playbook } = world.installed.compiled;
  const params = givenFor('params', playbook.params, found.params);
  const installed: Installed = {
    ...world.installed,
    mode: 'active',
    params: { ...world.installed.params, ...params.values },
  };
  let script: Script | undefined;
  const failures: string[] = [...params.failures];
  const simulation = await simulate({
    catalogue,
    installed: [installed, ...calleesOf(installed, world.others ?? [])],
    guardrails: found.guardrails === undefined ? NO_GUARDRAILS : world.guardrails(found.guardrails),
    people: EVERYBODY,
    start: found.start,
    url: run => `https://backline.example/runs/${run}`,
    performer(parts) {
      const before = found.before.flatMap(({ action, input }) => {
        const known = catalogue.actions.get(action);
        return known === undefined ? [] : [{ action: known, input }];
      });
      script = createScript(found.answers, before, { ...parts, performOwn: call => performOwn(parts, call) });
      return script;
    },
    whenIdle: running => answerQuestions(running, found, failures),
  });
  if (script === undefined) throw new Error('the simulation made no performer');
  const context: Context = { found, world, simulation, failures };
  const isCorrelating = correlationsOf(installed).length > 0;
  let first = await begin(context);
  for (const moment of found.then) {
    await simulation.advance(found.start + moment.at, () => false);
    simulation.clock.moveTo(found.start + moment.at);
    const woken = await happen(context, moment, first);
    // Of events that are correlated, the last one wakes the run.
    if (isCorrelating) first ??= woken;
    await simulation.activity.idle();
    if (moment.expect !== undefined) {
      const lines = await unmet(moment.expect, { simulation, script, run: first, start: found.start });
      failures.push(...lines.map(line => `at ${formatDuration(moment.at)}: ${line}`));
    }
  }
  await simulation.advance(found.start + LONGEST, async () => (await openRuns(simulation)) === 0);
  failures.push(...(await unmet(found.expect, { simulation, script, run: first, start: found.start })));
  failures.push(
    ...simulation.records.flatMap(({ run, body }) =>
      body.kind === 'bug' ? [`a bug ended run ${run}: ${body.stack}`] : [],
    ),
  );
  return { case: found, passed: failures.length === 0, failures, simulation, script };
}

interface Context {
  readonly found: Case;
  readonly world: CaseWorld;
  readonly simulation: Simulation;
  readonly failures: string[];
}

async function begin(context: Context): Promise<RunId | undefined> {
  const { found, simulation, world } = context;
  if (found.event === undefined) {
    const { name, inputs: declared } = world.installed.compiled.playbook;
    const { values, failures } = givenFor('inputs', declared, found.inputs ?? {});
    const inputs = { ...defaultsOf(declared), ...values };
    const needed = declared.filter(({ id }) => !Object.hasOwn(inputs, id) && !Object.hasOwn(found.inputs ?? {}, id));
    context.failures.push(...failures, ...needed.map(({ id }) => `inputs.${id}: is needed`));
    if (failures.length > 0 || needed.length > 0) return undefined;
    const woken = await simulation.engine.wake(name, inputs, found.by);
    if ('refused' in woken) context.failures.push(woken.refused);
    return 'run' in woken ? woken.run : undefined;
  }
  return happenEvent(context, found.event);
}

async function happenEvent(context: Context, event: CaseEvent): Promise<RunId | undefined> {
  const { simulation, failures } = context;
  const draft = draftOf(event, context);
  const origin = originOf(draft);
  const { engine } = simulation;
  const [received] = await (origin === OWN ? engine.raise([draft]) : engine.accept(origin, [draft]));
  if (received?.kind === 'rejected') failures.push(`the event was rejected: ${received.reason}`);
  return received?.kind === 'accepted' ? received.runs[0] : undefined;
}

/** Gives back the run that begins by it, if one does. */
async function happen(context: Context, moment: Moment, first: RunId | undefined): Promise<RunId | undefined> {
  const { simulation, failures } = context;
  const { engine } = simulation;
  const woken = moment.event === undefined ? undefined : await happenEvent(context, moment.event);
  if (moment.pause !== undefined) await engine.pause(moment.pause.by, moment.pause.because ?? 'the case says so');
  if (moment.resume !== undefined) await engine.resume(moment.resume.by);
  if (first === undefined) return woken;
  if (moment.cancel !== undefined) {
    const { by, undo = false } = moment.cancel;
    if ((await engine.cancel(first, by, undo)) === 'ended')
      failures.push(`at ${formatDuration(moment.at)}: there is nothing to cancel, the run has ended`);
  }
  if (moment.undo !== undefined) await engine.undoRun(first, moment.undo.by, moment.undo.because ?? 'the case says so');
  return undefined;
}

/** A file or fields, with an id and a time where none is given. */
function draftOf(event: CaseEvent, { found, world, simulation }: Context): JsonObject {
  const written = event.file === undefined ? {} : (JSON.parse(world.read(event.file)) as JsonObject);
  const like =
    event.like === 'start' && found.event !== undefined && event !== found.event
      ? draftOf(found.event, { found, world, simulation, failures: [] })
      : {};
  const base: JsonObject = {
    id: 'start',
    ...(event.type === SCHEDULE_EVENT ? dueNow(world.installed, simulation.clock.now()) : {}),
    ...like,
    ...written,
    ...(event.type === undefined ? {} : { type: event.type }),
  };
  const filled = Object.entries(event.with ?? {}).reduce<JsonObject>(
    (draft, [path, value]) => withField(draft, path.split('.'), value),
    base,
  );
  const isFresh =
    event.like === undefined &&
    event.file === undefined &&
    own(event.with, 'id') === undefined &&
    event !== found.event;
  const id = isFresh ? `${String(event.type)}@${simulation.clock.now()}` : filled['id'];
  return {
    ...filled,
    id: id ?? 'start',
    time: own(event.with, 'time') ?? written['time'] ?? formatInstant(simulation.clock.now()),
  };
}

/** As the first schedule of the playbook would say it. */
function dueNow(installed: Installed, now: Instant): JsonObject {
  const [scheduled] = schedulesOf(installed);
  return scheduled === undefined ? {} : scheduleEvent(scheduled, now, undefined);
}

function withField(object: JsonObject, [key = '', ...rest]: readonly string[], value: Json): JsonObject {
  if (rest.length === 0) return { ...object, [key]: value };
  const inner = own(object, key);
  return { ...object, [key]: withField(isObject(inner) ? inner : {}, rest, value) };
}

/** People of the script: `{ answer: block, by: alice, after: 5m }`; `expired`, or no answer at all, lets time pass. */
async function answerQuestions(
  { engine, store, clock }: Simulation,
  { answers }: Case,
  failures: string[],
): Promise<boolean> {
  for (const { question, given } of await store.query.questions({ open: true, limit: 1_000 })) {
    const step = question.command.slice(question.command.lastIndexOf('.') + 1).replace(/\[\d+\]$/, '');
    const scripted = own(answers, question.command) ?? own(answers, step);
    const list: readonly Json[] = Array.isArray(scripted) ? scripted : scripted === undefined ? [] : [scripted];
    const next = list[given.length];
    const answer = own(next, 'answer');
    if (typeof answer !== 'string' || answer === 'expired') continue;
    const after = own(next, 'after');
    const due = question.asked + (typeof after === 'string' ? (parseDuration(after) ?? 0) : 0);
    if (clock.now() < due) {
      // Wakes the loop when it is time to answer.
      clock.alarm(due, () => {});
      continue;
    }
    const by = own(next, 'by') ?? question.who[0] ?? 'somebody';
    const fields = own(next, 'fields');
    const result = await engine.answer(question.id, answer, String(by), isObject(fields) ? fields : {});
    if (result === 'answered') return true;
    const why = typeof result === 'string' ? result : result.problems.join('; ');
    const failure = `the answer ${canonical(next ?? null)} to ${step} was not taken: ${why}`;
    if (!failures.includes(failure)) failures.push(failure);
  }
  return false;
}

async function openRuns({ store }: Simulation): Promise<number> {
  const { runs } = await store.query.counts();
  return (runs['open'] ?? 0) + (runs['queued'] ?? 0);
}
