import type { Catalogue } from '../action/connector.ts';
import type { JsonSchema } from '../base/schema.ts';
import { checkExpression } from '../expr/expr.ts';
import type { TypeBinding, TypeScope } from '../expr/types.ts';
import { eventOf, eventsOf } from './event-types.ts';
import { factsOf } from './facts.ts';
import { narrow } from './narrow.ts';
import type { Condition, DoStep, EnrichStep, EventWait, ForEachStep, Playbook, Step, Trigger } from './playbook.ts';
import { allSteps, everyStep, topLists, variableText } from './playbook.ts';
import { OUTCOME, runType, verdictType } from './root-types.ts';
import type { OutputTypes } from './step-types.ts';
import { stepType, typesOf } from './step-types.ts';
import type { Surroundings } from './surroundings.ts';
import type { Roots } from './wake-roots.ts';
import { certain, wakeRoots } from './wake-roots.ts';
import { whyMissing, whyUnknown } from './why-missing.ts';

/** What is in scope where (LANGUAGE 4.1), for every place of one playbook that can hold an expression. */
export class Scopes {
  readonly #playbook: Playbook;
  readonly #catalogue: Catalogue;
  readonly #lost: ReadonlySet<string>;
  readonly #lists: ReadonlySet<string>;
  readonly #steps: readonly Step[];
  readonly #types: OutputTypes;
  /** What all places share is made once: a file can hold thousands of expressions. */
  readonly #wakeRoots: Roots;
  readonly #outcomes: TypeBinding;
  #variable?: TypeScope;
  readonly #items = new Map<ForEachStep, JsonSchema>();

  constructor({
    playbook,
    catalogue,
    lost,
    listNames,
  }: {
    readonly playbook: Playbook;
    readonly catalogue: Catalogue;
    /** Ids of steps that nothing is known of. */
    readonly lost: ReadonlySet<string>;
    readonly listNames: ReadonlySet<string>;
  }) {
    this.#playbook = playbook;
    this.#catalogue = catalogue;
    this.#lost = lost;
    this.#lists = listNames;
    this.#types = typesOf(catalogue);
    this.#steps = topLists(playbook).flatMap(list => [...everyStep(list)]);
    this.#wakeRoots = wakeRoots(playbook, catalogue);
    const handled = playbook.enrich.flatMap(({ onError }) => (onError.kind === 'steps' ? onError.steps : []));
    const ids = [...playbook.enrich, ...handled, ...this.#steps].map(({ id }) => id).filter(isWritten);
    this.#outcomes = outcomesOf([...ids, ...lost]);
  }

  /** `match` of a trigger compares with what is written out. */
  triggerMatch(): TypeScope {
    const params = this.#wakeRoots.get('params');
    const reason = 'the `match` of a trigger compares with literals and `params`; use its `if`';
    const others = ['event', 'events', 'vars', 'inputs', 'now', ...Object.keys(BEFORE_ENRICH)];
    return this.#scope(
      new Map(params === undefined ? [] : [['params', params]]),
      Object.fromEntries(others.map(root => [root, reason])),
    );
  }

  /** `if` of a trigger: its own event, before anything was looked up. */
  trigger(trigger: Trigger): TypeScope {
    const roots = new Map(this.#wakeRoots);
    const own = { ...this.#playbook, triggers: [trigger], inputs: [] };
    const [event, events] = [eventOf(own, this.#catalogue), eventsOf(own, this.#catalogue)];
    if (event !== undefined) roots.set('event', certain(event.schema));
    if (events === undefined) roots.delete('events');
    else roots.set('events', certain(events.schema));
    roots.delete('now');
    return this.#scope(roots, { now: 'what wakes a run must not depend on when it is looked at', ...BEFORE_ENRICH });
  }

  /** `incident`, `once` and `lock`. */
  wake(): TypeScope {
    return this.#scope(this.#wakeRoots, BEFORE_ENRICH);
  }

  verdict(): TypeScope {
    const roots = new Map(this.#wakeRoots);
    // Without a required enrichment the checks do not count, whatever they say.
    roots.set(
      'enrich',
      this.#enrichNames(this.#playbook.enrich, ({ required }) => required),
    );
    return this.#scope(roots, BEFORE_VERDICT);
  }

  /** A step's own condition is in `given` for everything but that condition itself. */
  step(around: Surroundings, given: readonly Condition[]): TypeScope {
    const { section, entry } = around;
    const roots = section === 'enrich' ? new Map(this.#wakeRoots) : this.#laterRoots(section);
    const takesRequired = this.#endsWithoutRequired(around);
    const others = this.#playbook.enrich.filter(({ id }) => id !== entry?.id);
    roots.set(
      'enrich',
      this.#enrichNames(others, ({ required }) => required && takesRequired),
    );
    const steps = around.before
      .filter(({ id }) => isWritten(id) && id !== entry?.id)
      .map(step => [step.id, this.#stepBinding(step, around)] as const);
    const lost = [...this.#lost].map(id => [id, certain({})] as const);
    const isHandler = entry !== undefined && around.before.some(({ id }) => id === entry.id);
    if (section !== 'enrich' || around.loops.length > 0 || isHandler)
      roots.set('steps', { kind: 'namespace', names: new Map([...lost, ...steps]) });
    if (isHandler) roots.set('outcome', outcomesOf([...this.#lost, entry.id]));
    for (const { loop, around: outside } of around.loops) roots.set(loop.as, certain(this.#itemType(loop, outside)));
    return this.#scope(this.#narrowed(roots, given), section === 'enrich' ? BEFORE_VERDICT : {});
  }

  /** In `poll.until`. */
  withResult(scope: TypeScope, step: DoStep): TypeScope {
    const schema = this.#catalogue.actions.get(step.do)?.output ?? {};
    return { ...scope, roots: new Map(scope.roots).set('result', certain(schema)) };
  }

  /** In the `if` of waits and holds. */
  withArrived(scope: TypeScope, on: EventWait): TypeScope {
    const schema = this.#catalogue.eventTypes.get(on.event)?.schema ?? {};
    return { ...scope, roots: new Map(scope.roots).set('arrived', certain(schema)) };
  }

  /** Where a variable may be used at most: all names are there, and nothing is missing. */
  get variable(): TypeScope {
    return (this.#variable ??= this.#everywhere());
  }

  #everywhere(): TypeScope {
    const roots = this.#laterRoots('finally');
    roots.set(
      'enrich',
      this.#enrichNames(this.#playbook.enrich, () => true),
    );
    const names = new Map<string, TypeBinding>([...this.#lost].map(id => [id, certain({})]));
    for (const step of allSteps(this.#playbook)) {
      if (isWritten(step.id)) names.set(step.id, certain(stepType(step, this.#types) ?? {}));
      if (step.kind === 'for_each') roots.set(step.as, certain({}));
    }
    roots.set('steps', { kind: 'namespace', names });
    return this.#scope(roots, {});
  }

  /** A missing enrichment that is required leads to the branch `unknown`, or ends a run that has no verdict. */
  #endsWithoutRequired({ section, verdict }: Surroundings): boolean {
    if (section !== 'respond') return false;
    return verdict === undefined ? this.#playbook.verdict === undefined : verdict !== 'unknown';
  }

  #laterRoots(section: 'respond' | 'finally'): Roots {
    const { verdict } = this.#playbook;
    const roots = new Map(this.#wakeRoots);
    if (verdict !== undefined) roots.set('verdict', certain(verdictType(verdict)));
    roots.set('run', certain(runType({ inFinally: section === 'finally' })));
    roots.set('outcome', this.#outcomes);
    return roots;
  }

  #enrichNames(entries: readonly EnrichStep[], isCertain: (entry: EnrichStep) => boolean): TypeBinding {
    const names = new Map<string, TypeBinding>([...this.#lost].map(id => [id, certain({})]));
    for (const entry of entries) {
      const schema = stepType(entry, this.#types) ?? NO_OUTPUT;
      const because = entry.if === undefined ? whyUnknown(entry) : 'it can be left out, and it can fail';
      names.set(
        entry.id,
        isCertain(entry) ? certain(schema) : { kind: 'type', schema, presence: 'maybe-missing', because },
      );
    }
    return { kind: 'namespace', names };
  }

  #stepBinding(step: Step, { answered, unsure }: Surroundings): TypeBinding {
    const schema = stepType(step, this.#types) ?? NO_OUTPUT;
    if (answered.has(step.id)) return certain(schema);
    const because = unsure.has(step.id)
      ? 'its branch may have been left out, or have failed before it'
      : whyMissing(step, this.#catalogue);
    if (because !== undefined) return { kind: 'type', schema, presence: 'maybe-missing', because };
    if (step.if === undefined) return certain(schema);
    return {
      kind: 'type',
      schema,
      presence: 'maybe-absent',
      because: `its condition (line ${step.if.span.start.line}) can be false`,
    };
  }

  #itemType(loop: ForEachStep, around: Surroundings): JsonSchema {
    let type = this.#items.get(loop);
    if (type === undefined) {
      type = checkExpression(loop.list.text, this.step(around, around.given)).schema.items ?? {};
      this.#items.set(loop, type);
    }
    return type;
  }

  #narrowed(roots: Roots, given: readonly Condition[]): ReadonlyMap<string, TypeBinding> {
    const textOf = (id: string) => variableText(this.#playbook, id);
    return given.reduce<ReadonlyMap<string, TypeBinding>>(
      (names, { text }) => narrow(names, factsOf(text, textOf)),
      roots,
    );
  }

  #scope(roots: ReadonlyMap<string, TypeBinding>, elsewhere: { readonly [root: string]: string }): TypeScope {
    const absent = Object.entries({ ...this.#elsewhere(), ...elsewhere }).filter(([root]) => !roots.has(root));
    return { roots, elsewhere: new Map(absent), lists: this.#lists };
  }

  /** Names that this playbook has nowhere, or only some places have. */
  #elsewhere(): { readonly [root: string]: string } {
    const noEvent =
      this.#playbook.inputs.length > 0
        ? 'a playbook with inputs has no event: it is started by hand'
        : 'no event wakes this playbook';
    return {
      event: noEvent,
      events: 'only `correlate` playbooks have several events',
      inputs: 'this playbook has no inputs',
      verdict: 'this playbook has no verdict',
      result: '`result` is the answer just received: only `poll.until` has it',
      arrived: '`arrived` is the event that came: only the `if` of waits and holds has it',
    };
  }
}

function outcomesOf(ids: readonly string[]): TypeBinding {
  return { kind: 'namespace', names: new Map(ids.map(id => [id, certain(OUTCOME)])) };
}

/** What a step has come to that gives nothing. */
const NO_OUTPUT: JsonSchema = { type: 'object', properties: {}, additionalProperties: false };

const BEFORE_ENRICH = {
  enrich: 'nothing has been looked up yet',
  verdict: 'there is no verdict yet',
  steps: 'no step has run yet',
  outcome: 'no step has run yet',
  run: 'the run has not begun to respond',
};
const BEFORE_VERDICT = {
  verdict: 'there is no verdict yet',
  steps: 'no step has run yet',
  outcome: 'no step has run yet',
  run: 'the run has not begun to respond',
};

/** Steps without an id are numbered; nobody can name them. */
function isWritten(id: string): boolean {
  return !id.startsWith('_');
}
