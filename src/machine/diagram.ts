import type { Effect } from '../action/outcome.ts';
import type { EnrichStep, Step, WaitStep } from '../playbook/playbook.ts';
import { triggerText } from '../playbook/playbook.ts';
import type { Compiled } from './compiled.ts';

/** A playbook as a graph, for whoever draws it. Plain data; nodes and groups stand in the order of the file. */
export interface Diagram {
  readonly nodes: readonly DiagramNode[];
  readonly groups: readonly DiagramGroup[];
  readonly edges: readonly DiagramEdge[];
}

export interface DiagramNode {
  readonly id: string;
  readonly kind: 'wake' | 'verdict' | 'end' | Exclude<Step['kind'], 'for_each'>;
  /** What it is, then what matters of it, a line each. */
  readonly lines: readonly string[];
  readonly effect?: Effect;
  readonly group?: string;
}

/** Enrichment, `finally`, or the body of a loop. */
export interface DiagramGroup {
  readonly id: string;
  readonly lines: readonly string[];
  readonly parent?: string;
}

export interface DiagramEdge {
  /** Ids of nodes or groups. */
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  /** Taken after a failure only. */
  readonly isFailure?: true;
}

/** Draws what can happen: verdicts, answers, branches, loops, and the steps that handle an error. Pure. */
export function diagramOf(compiled: Compiled): Diagram {
  return new Drawing(compiled).diagram();
}

/** An edge that has begun and does not know yet where it leads. */
type Loose = Omit<DiagramEdge, 'to'>;

class Drawing {
  readonly #compiled: Compiled;
  readonly #nodes: DiagramNode[] = [];
  readonly #groups: DiagramGroup[] = [];
  readonly #edges: DiagramEdge[] = [];
  /** What leads to `finally` from the middle of the way. */
  readonly #cut: Loose[] = [];

  constructor(compiled: Compiled) {
    this.#compiled = compiled;
  }

  diagram(): Diagram {
    const { playbook } = this.#compiled;
    const { respond } = playbook;
    const wakes = playbook.triggers.map(trigger => (trigger.kind === 'manual' ? 'by hand' : triggerText(trigger)));
    this.#nodes.push({ id: 'wake', kind: 'wake', lines: wakes });
    let loose = this.#enrich(playbook.enrich);
    if (respond.kind === 'list') loose = this.#list(respond.steps, loose);
    else {
      this.#node({ id: 'verdict', kind: 'verdict', lines: ['verdict'] }, loose);
      loose = respond.branches.flatMap(({ verdict, steps }) =>
        this.#list(steps, [{ from: 'verdict', label: verdict }]),
      );
    }
    const last = [...loose, ...this.#cut.splice(0)];
    if (playbook.finally.length > 0) this.#groups.push({ id: 'finally', lines: ['finally'] });
    const ends = playbook.finally.length > 0 ? this.#list(playbook.finally, last, 'finally') : last;
    this.#node({ id: 'end', kind: 'end', lines: ['end'] }, ends);
    return { nodes: this.#nodes, groups: this.#groups, edges: this.#edges };
  }

  #enrich(entries: readonly EnrichStep[]): Loose[] {
    if (entries.length === 0) return [{ from: 'wake' }];
    this.#groups.push({ id: 'enrich', lines: ['enrich'] });
    const awaited = new Set(entries.flatMap(({ after }) => after));
    const handled: Loose[] = [];
    for (const entry of entries) {
      const before = entry.after.length === 0 ? [{ from: 'wake' }] : entry.after.map(id => ({ from: stepId(id) }));
      this.#beginning(entry, before, 'enrich');
      handled.push(...this.#handler(entry, 'enrich'));
    }
    return [...entries.filter(({ id }) => !awaited.has(id)).map(({ id }) => ({ from: stepId(id) })), ...handled];
  }

  /** Steps one after another; gives what leads on from the last. */
  #list(steps: readonly Step[], loose: readonly Loose[], group?: string): Loose[] {
    return steps.reduce<Loose[]>((before, step) => this.#step(step, before, group), [...loose]);
  }

  #step(step: Step, loose: readonly Loose[], group?: string): Loose[] {
    this.#beginning(step, loose, group);
    return [...this.#waysOn(step, group), ...this.#handler(step, group)];
  }

  /** What a step is drawn as: a node, or the group that a loop's rounds are. */
  #beginning(step: Step, loose: readonly Loose[], group?: string): void {
    if (step.kind !== 'for_each') {
      this.#node({ ...this.#nodeOf(step), ...(group === undefined ? {} : { group }) }, loose);
      return;
    }
    const id = stepId(step.id);
    const most = 'value' in step.max ? String(step.max.value) : `params.${step.max.param}`;
    const lines = [...titleOf(step), `for_each ${step.list.text}, at most ${most}`];
    this.#groups.push({ id, lines, ...(group === undefined ? {} : { parent: group }) });
    this.#join(loose, id);
    // A round that ends leads to the end of the loop, which the group's own edge stands for.
    this.#list(step.steps, [], id);
  }

  #waysOn(step: Step, group?: string): Loose[] {
    const from = stepId(step.id);
    switch (step.kind) {
      case 'do':
      case 'for_each':
      case 'call':
      case 'emit':
      case 'undo':
        return [{ from }];
      case 'stop':
        this.#cut.push({ from });
        return [];
      case 'ask': {
        const answered = step.answers.flatMap(({ id, then }) => this.#list(then, [{ from, label: id }], group));
        return [...answered, ...this.#list(step.otherwise, [{ from, label: 'nobody in time' }], group)];
      }
      case 'wait':
        return step.wait.kind === 'for'
          ? [{ from }]
          : [{ from }, ...this.#list(step.otherwise, [{ from, label: 'not in time' }], group)];
      case 'parallel':
        return step.branches.flatMap(({ id, steps }) => this.#list(steps, [{ from, label: id }], group));
      case 'choose': {
        const branches = step.branches.flatMap(branch =>
          this.#list(branch.then, [{ from, label: branch.if.text }], group),
        );
        const rest = this.#list(step.else ?? [], [{ from, label: 'else' }], group);
        return [
          ...branches,
          ...rest,
          ...(step.undecided === undefined ? [] : this.#list(step.undecided, [{ from, label: 'undecided' }], group)),
        ];
      }
    }
  }

  #handler({ id, onError }: Step, group?: string): Loose[] {
    if (onError.kind !== 'steps') return [];
    return this.#list(onError.steps, [{ from: stepId(id), label: 'failed', isFailure: true }], group);
  }

  #nodeOf(step: Exclude<Step, { kind: 'for_each' }>): DiagramNode {
    const effect = step.kind === 'do' ? this.#compiled.actions[step.do]?.effect : undefined;
    return {
      id: stepId(step.id),
      kind: step.kind,
      lines: [...titleOf(step), ...linesOf(step)],
      ...(effect === undefined ? {} : { effect }),
    };
  }

  #node(node: DiagramNode, loose: readonly Loose[]): void {
    this.#nodes.push(node);
    this.#join(loose, node.id);
  }

  #join(loose: readonly Loose[], to: string): void {
    this.#edges.push(...loose.map(edge => ({ ...edge, to })));
  }
}

/** What it waits for, in a few words. */
export function waitText(wait: WaitStep['wait']): string {
  switch (wait.kind) {
    case 'for':
      return 'wait';
    case 'until':
      return `wait until ${wait.until.text}`;
    case 'window':
      return `wait for window ${wait.window.text}`;
    case 'event':
      return `wait for ${wait.on.event}`;
  }
}

/** Steps have names of their own beside `wake`, `verdict`, `enrich`, `finally` and `end`. */
function stepId(id: string): string {
  return `step_${id}`;
}

function titleOf({ id, if: condition }: Step): string[] {
  return [...(id.startsWith('_') ? [] : [id]), ...(condition === undefined ? [] : [`if ${condition.text}`])];
}

function linesOf(step: Exclude<Step, { kind: 'for_each' }>): string[] {
  switch (step.kind) {
    case 'do':
      return [
        step.do,
        ...(step.approve === undefined ? [] : [`approved by ${step.approve.who.map(who => who.text).join(', ')}`]),
        ...(step.poll === undefined ? [] : [`until ${step.poll.until.text}`]),
      ];
    case 'ask':
      return [`ask ${step.who.map(who => who.text).join(', ')}`];
    case 'wait':
      return [waitText(step.wait)];
    case 'parallel':
      return ['side by side'];
    case 'choose':
      return ['choose'];
    case 'call':
      return [`call ${step.call}`];
    case 'emit':
      return [`emit ${step.emit}`];
    case 'undo':
      return [step.undo.kind === 'run' ? 'undo the run' : `undo ${step.undo.ids.join(', ')}`];
    case 'stop':
      return [`stop: ${step.stop}`];
  }
}
