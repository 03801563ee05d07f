import type { Catalogue } from '../action/connector.ts';
import type { JsonSchema } from '../base/schema.ts';
import { checkExpression } from '../expr/expr.ts';
import type { TypeBinding, TypeScope } from '../expr/types.ts';
import { cyclicVars } from './cycles.ts';
import { eventOf } from './event-types.ts';
import { factsOf } from './facts.ts';
import { narrow } from './narrow.ts';
import type { Condition, DoStep, EnrichStep, EventWait, ForEachStep, Playbook, Step, Trigger } from './playbook.ts';
import { everyStep, topLists } from './playbook.ts';
import { OUTCOME, paramsType, runType, verdictType } from './root-types.ts';
import { stepType } from './step-types.ts';
import type { Surroundings } from './surroundings.ts';

type Roots = Map<string, TypeBinding>;

/** What is in scope where (LANGUAGE 4.1), for every place of one playbook that can hold an expression. */
export class Scopes {
  readonly #playbook: Playbook;
  readonly #catalogue: Catalogue;
  readonly #lost: ReadonlySet<string>;
  readonly #lists: ReadonlySet<string>;
  readonly #steps: readonly Step[];
  /** What all places share is made once: a file can hold thousands of expressions. */
  readonly #wakeRoots: Roots;
  readonly #outcomes: TypeBinding;
  readonly #items = new Map<ForEachStep, JsonSchema>();

  constructor(playbook: Playbook, catalogue: Catalogue, lost: ReadonlySet<string>) {
    this.#playbook = playbook;
    this.#catalogue = catalogue;
    this.#lost = lost;
    this.#lists = new Set(Object.keys(playbook.lists));
    this.#steps = topLists(playbook).flatMap(list => [...everyStep(list)]);
    this.#wakeRoots = wakeRoots(playbook, catalogue);
    const ids = [...playbook.enrich, ...this.#steps].map(({ id }) => id).filter(isWritten);
    this.#outcomes = { kind: 'namespace', names: new Map([...ids, ...lost].map(id => [id, certain(OUTCOME)])) };
  }

  /** `match` and `if` of a trigger: its own event, before anything was looked up. */
  trigger(trigger: Trigger): TypeScope {
    const roots = new Map(this.#wakeRoots);
    if (trigger.kind === 'event')
      roots.set('event', certain(this.#catalogue.eventTypes.get(trigger.event)?.schema ?? {}));
    roots.delete('now');
    return this.#scope(roots, { now: 'what wakes a run must not depend on when it is looked at', ...BEFORE_ENRICH });
  }

  /** `incident`, `once` and `lock`. */
  wake(): TypeScope {
    return this.#scope(this.#wakeRoots, BEFORE_ENRICH);
  }

  enrichment(entry: EnrichStep, given: readonly Condition[]): TypeScope {
    const others = this.#playbook.enrich.filter(({ id }) => id !== entry.id);
    const roots = new Map(this.#wakeRoots);
    roots.set(
      'enrich',
      this.#enrichNames(others, () => false),
    );
    return this.#scope(this.#narrowed(roots, given), BEFORE_VERDICT);
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
    const roots = this.#laterRoots(around.section);
    const takesRequired = around.section === 'respond' && around.verdict !== 'unknown';
    roots.set(
      'enrich',
      this.#enrichNames(this.#playbook.enrich, ({ required }) => required && takesRequired),
    );
    const steps = around.before
      .filter(({ id }) => isWritten(id))
      .map(step => [step.id, this.#stepBinding(step, around.answered.has(step.id))] as const);
    const lost = [...this.#lost].map(id => [id, certain({})] as const);
    roots.set('steps', { kind: 'namespace', names: new Map([...lost, ...steps]) });
    for (const { loop, around: outside } of around.loops) roots.set(loop.as, certain(this.#itemType(loop, outside)));
    return this.#scope(this.#narrowed(roots, given), {});
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
  variable(): TypeScope {
    const roots = this.#laterRoots('finally');
    roots.set(
      'enrich',
      this.#enrichNames(this.#playbook.enrich, () => true),
    );
    const names = new Map<string, TypeBinding>([...this.#lost].map(id => [id, certain({})]));
    for (const step of this.#steps) {
      names.set(step.id, certain(stepType(step, this.#catalogue) ?? {}));
      if (step.kind === 'for_each') roots.set(step.as, certain({}));
    }
    roots.set('steps', { kind: 'namespace', names });
    return this.#scope(roots, {});
  }

  #laterRoots(section: Surroundings['section']): Roots {
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
      const schema = this.#catalogue.actions.get(entry.do)?.output ?? {};
      const because = entry.if === undefined ? 'the look-up can fail' : 'it can be left out, and it can fail';
      names.set(
        entry.id,
        isCertain(entry) ? certain(schema) : { kind: 'type', schema, presence: 'maybe-missing', because },
      );
    }
    return { kind: 'namespace', names };
  }

  #stepBinding(step: Step, isAnswered: boolean): TypeBinding {
    const schema = stepType(step, this.#catalogue) ?? { type: 'object', properties: {}, additionalProperties: false };
    if (isAnswered) return certain(schema);
    const because = whyMissing(step, this.#catalogue);
    if (because !== undefined) return { kind: 'type', schema, presence: 'maybe-missing', because };
    return step.if === undefined ? certain(schema) : { kind: 'type', schema, presence: 'maybe-absent' };
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
    const textOf = (id: string) => {
      const value = this.#playbook.vars.find(variable => variable.id === id)?.value;
      return value !== undefined && 'text' in value ? value.text : undefined;
    };
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

/** What there is before anything was looked up. */
function wakeRoots(playbook: Playbook, catalogue: Catalogue): Roots {
  const { params, inputs, vars } = playbook;
  const roots: Roots = new Map([
    ['params', certain(paramsType(params))],
    ['now', certain({ type: 'string', format: 'date-time' })],
  ]);
  if (inputs.length > 0) roots.set('inputs', certain(paramsType(inputs)));
  const event = eventOf(playbook, catalogue);
  if (event !== undefined) {
    const presence = event.maybeAbsent ? 'maybe-absent' : 'certain';
    roots.set('event', { kind: 'type', schema: event.schema, presence });
  }
  const cyclic = cyclicVars(playbook);
  const names = vars.map(({ id, value }): [string, TypeBinding] => {
    if ('json' in value) return [id, certain(typeOfJson(value.json))];
    return [id, cyclic.has(id) ? certain({}) : { kind: 'expression', text: value.text }];
  });
  roots.set('vars', { kind: 'namespace', names: new Map(names) });
  return roots;
}

function certain(schema: JsonSchema): TypeBinding {
  return { kind: 'type', schema, presence: 'certain' };
}

/** Steps without an id are numbered; nobody can name them. */
function isWritten(id: string): boolean {
  return !id.startsWith('_');
}

/** Why the output of a step that was reached may not be there; undefined when it is, or the run has ended. */
export function whyMissing(step: Step, catalogue: Catalogue): string | undefined {
  if (step.kind === 'do' && step.approve !== undefined)
    return `its approval (line ${step.approve.span.start.line}) can be denied`;
  if (step.kind === 'ask') return 'nobody may answer it in time';
  if (step.kind === 'wait' && step.wait.kind === 'event') return 'the event may not come in time';
  const effect = step.kind === 'do' ? catalogue.actions.get(step.do)?.effect : undefined;
  if (effect === 'reversible' || effect === 'irreversible') return 'a guardrail can refuse it';
  return step.onError.kind === 'fail' ? undefined : 'it can fail, and the run goes on';
}

function typeOfJson(value: unknown): JsonSchema {
  if (Array.isArray(value)) {
    const [first] = value as readonly unknown[];
    const item = typeOfJson(first);
    const isUniform = (value as readonly unknown[]).every(other => typeOfJson(other).type === item.type);
    return { type: 'array', items: first !== undefined && isUniform && item.type !== 'object' ? item : {} };
  }
  switch (typeof value) {
    case 'string':
      return { type: 'string' };
    case 'number':
      return { type: Number.isInteger(value) ? 'integer' : 'number' };
    case 'boolean':
      return { type: 'boolean' };
    default:
      return {};
  }
}
