import type { Node } from './node.ts';
import type { Parsing } from './parse.ts';
import { parseEventWait } from './parse-match.ts';
import {
  parseCondition,
  parseCountValue,
  parseDurationValue,
  parseText,
  parseTexts,
  parseWith,
} from './parse-values.ts';
import type {
  Approve,
  AskStep,
  CallStep,
  ChooseStep,
  DoStep,
  EmitStep,
  EnrichStep,
  ForEachStep,
  FormField,
  Hold,
  OnError,
  ParallelStep,
  Step,
  StopStep,
  UndoStep,
  WaitStep,
} from './playbook.ts';

/** Steps that cannot be told, or that this build does not run, are left out; their ids are remembered as lost. */
export function parseSteps(node: Node | undefined, parsing: Parsing): Step[] {
  return (node?.items() ?? []).flatMap(item => parseStep(item, parsing) ?? []);
}

export function parseEnrichment(id: string, node: Node, parsing: Parsing): EnrichStep | undefined {
  const step = parseLookUp(node, baseOf(node, id, parsing), parsing);
  if (step === undefined) {
    parsing.lost.add(id);
    return undefined;
  }
  const after = (node.get('after')?.texts() ?? []).flatMap(item => item.text() ?? []);
  const enrichment = { ...step, after, required: node.get('required')?.value === true };
  parsing.paths.set(enrichment, node.path);
  return enrichment;
}

type LookUp = DoStep | AskStep | WaitStep | ForEachStep | CallStep;

function parseLookUp(node: Node, base: Base, parsing: Parsing): LookUp | undefined {
  if (node.has('do')) return parseDo(node, base, parsing);
  if (node.has('ask')) return parseAsk(node, base, parsing);
  if (node.has('wait')) return parseWait(node, base, parsing);
  if (node.has('for_each')) return parseForEach(node, base, parsing);
  return node.has('call') ? parseCall(node, base) : undefined;
}

function parseStep(node: Node, parsing: Parsing): Step | undefined {
  const id = node.get('id')?.text() ?? parsing.nextId();
  const base = baseOf(node, id, parsing);
  const step = parseKind(node, base, parsing);
  if (step !== undefined) parsing.paths.set(step, node.path);
  else if (node.has('id')) parsing.lost.add(id);
  return step;
}

type Base = ReturnType<typeof baseOf>;

/** For a limit that the schema has found wrong: what is inside the step is checked all the same. */
const UNTOLD = 1;

function baseOf(node: Node, id: string, parsing: Parsing) {
  const condition = parseCondition(node.get('if'));
  const note = node.get('note')?.text();
  return {
    id,
    ...(condition === undefined ? {} : { if: condition }),
    ...(note === undefined ? {} : { note }),
    onError: parseOnError(node.get('on_error'), parsing),
    span: node.span,
  };
}

function parseOnError(node: Node | undefined, parsing: Parsing): OnError {
  if (node !== undefined && Array.isArray(node.value)) return { kind: 'steps', steps: parseSteps(node, parsing) };
  return { kind: node?.value === 'continue' ? 'continue' : 'fail' };
}

function parseKind(node: Node, base: Base, parsing: Parsing): Step | undefined {
  if (node.has('do')) return parseDo(node, base, parsing);
  if (node.has('ask')) return parseAsk(node, base, parsing);
  if (node.has('wait')) return parseWait(node, base, parsing);
  if (node.has('parallel')) return parseParallel(node, base, parsing);
  if (node.has('for_each')) return parseForEach(node, base, parsing);
  if (node.has('choose')) return parseChoose(node, base, parsing);
  if (node.has('undo')) return parseUndo(node, base);
  if (node.has('stop')) return parseStop(node, base);
  if (node.has('emit')) return parseEmit(node, base);
  if (node.has('call')) return parseCall(node, base);
  return undefined;
}

function parseDo(node: Node, base: Base, parsing: Parsing): DoStep | undefined {
  const action = node.get('do')?.text();
  const name = node.get('do');
  if (action === undefined || name === undefined) return undefined;
  const timeout = parseDurationValue(node.get('timeout'));
  const retry = parseRetry(node.get('retry'));
  const every = parseDurationValue(node.get('poll')?.get('every'));
  const until = parseCondition(node.get('poll')?.get('until'));
  const approve = parseApprove(node.get('approve'));
  const hold = parseHold(node.get('hold'), parsing);
  return {
    kind: 'do',
    ...base,
    do: action,
    ...parseWith(node.get('with')),
    ...(timeout === undefined ? {} : { timeout }),
    ...(retry === undefined ? {} : { retry }),
    ...(every === undefined || until === undefined ? {} : { poll: { every, until } }),
    ...(approve === undefined ? {} : { approve }),
    ...(hold === undefined ? {} : { hold }),
  };
}

function parseRetry(node: Node | undefined): DoStep['retry'] {
  if (node === undefined) return undefined;
  const times = parseCountValue(node.get('times'));
  const every = parseDurationValue(node.get('every'));
  const max = parseDurationValue(node.get('max'));
  return {
    ...(times === undefined ? {} : { times }),
    ...(every === undefined ? {} : { every }),
    ...(max === undefined ? {} : { max }),
  };
}

function parseApprove(node: Node | undefined): Approve | undefined {
  const within = parseDurationValue(node?.get('within'));
  const otherwise = node?.get('otherwise')?.word(['deny', 'allow']);
  if (node === undefined || within === undefined || otherwise === undefined) return undefined;
  const condition = parseCondition(node.get('if'));
  const note = parseText(node.get('note'));
  return {
    who: parseTexts(node.get('who')),
    within,
    otherwise,
    ...(condition === undefined ? {} : { if: condition }),
    people: node.get('people')?.number() ?? 1,
    except: parseTexts(node.get('except')),
    ...(note === undefined ? {} : { note }),
    span: node.keySpan,
  };
}

function parseHold(node: Node | undefined, parsing: Parsing): Hold | undefined {
  if (node === undefined) return undefined;
  const limit = parseDurationValue(node.get('for'));
  const until = (node.get('until')?.items() ?? []).flatMap(item => parseEventWait(item, parsing) ?? []);
  return { ...(limit === undefined ? {} : { for: limit }), until, span: node.keySpan };
}

function parseAsk(node: Node, base: Base, parsing: Parsing): AskStep | undefined {
  const ask = parseText(node.get('ask'));
  const within = parseDurationValue(node.get('within')) ?? { value: UNTOLD, span: node.span };
  if (ask === undefined) return undefined;
  const people = node.get('people')?.number() ?? 1;
  const form = node.get('form');
  return {
    kind: 'ask',
    ...base,
    ask,
    who: parseTexts(node.get('who')),
    within,
    people,
    except: parseTexts(node.get('except')),
    answers: (node.get('answers')?.entries() ?? []).flatMap(([id, answer]) => {
      const label = parseText(answer.get('label'));
      if (label === undefined) return [];
      const then = parseSteps(answer.get('then'), parsing);
      return [{ id, label, people: answer.get('people')?.number() ?? people, then, span: answer.keySpan }];
    }),
    ...(form === undefined ? {} : { form: form.entries().flatMap(([id, field]) => parseField(id, field) ?? []) }),
    otherwise: parseSteps(node.get('otherwise'), parsing),
  };
}

const FIELD_TYPES = ['text', 'choice', 'date', 'number', 'boolean'] as const;

function parseField(id: string, node: Node): FormField | undefined {
  const type = node.get('type')?.word(FIELD_TYPES);
  const label = parseText(node.get('label'));
  if (type === undefined || label === undefined) return undefined;
  const max = node.get('max')?.number();
  const options = node.get('options')?.texts();
  return {
    id,
    type,
    label,
    required: node.get('required')?.value === true,
    ...(max === undefined ? {} : { max }),
    ...(options === undefined ? {} : { options: options.flatMap(option => option.text() ?? []) }),
    span: node.keySpan,
  };
}

function parseWait(node: Node, base: Base, parsing: Parsing): WaitStep | undefined {
  const wait = parseWaitFor(node.get('wait'), parsing);
  return wait && { kind: 'wait', ...base, wait, otherwise: parseSteps(node.get('otherwise'), parsing) };
}

function parseWaitFor(node: Node | undefined, parsing: Parsing): WaitStep['wait'] | undefined {
  if (node === undefined) return undefined;
  const within = parseDurationValue(node.get('within')) ?? { value: UNTOLD, span: node.span };
  const on = parseEventWait(node, parsing);
  if (on !== undefined) return { kind: 'event', on, within, since: node.get('since')?.word(['step', 'run']) ?? 'step' };
  const limit = parseDurationValue(node.get('for'));
  if (limit !== undefined) return { kind: 'for', for: limit };
  const until = parseText(node.get('until'));
  if (until !== undefined) return { kind: 'until', until, within };
  const window = parseText(node.get('window'));
  return window && { kind: 'window', window, within };
}

function parseParallel(node: Node, base: Base, parsing: Parsing): ParallelStep {
  const branches = (node.get('parallel')?.entries() ?? []).map(([id, branch]) => ({
    id,
    steps: parseSteps(branch, parsing),
    span: branch.keySpan,
  }));
  return { kind: 'parallel', ...base, branches };
}

function parseForEach(node: Node, base: Base, parsing: Parsing): ForEachStep | undefined {
  const list = parseCondition(node.get('for_each'));
  const as = node.get('as')?.text();
  const max = parseCountValue(node.get('max')) ?? { value: UNTOLD, span: node.span };
  if (list === undefined || as === undefined) return undefined;
  const steps = parseSteps(node.get('steps'), parsing);
  return { kind: 'for_each', ...base, list, as, max, atOnce: node.get('at_once')?.number() ?? 1, steps };
}

function parseChoose(node: Node, base: Base, parsing: Parsing): ChooseStep {
  const branches = [];
  let otherwise: Step[] | undefined;
  let undecided: Step[] | undefined;
  for (const branch of node.get('choose')?.items() ?? []) {
    const condition = parseCondition(branch.get('if'));
    if (branch.has('else')) otherwise ??= parseSteps(branch.get('else'), parsing);
    else if (branch.has('undecided')) undecided ??= parseSteps(branch.get('undecided'), parsing);
    else if (condition !== undefined) {
      branches.push({ if: condition, then: parseSteps(branch.get('then'), parsing), span: branch.keySpan });
    }
  }
  return {
    kind: 'choose',
    ...base,
    branches,
    ...(otherwise === undefined ? {} : { else: otherwise }),
    ...(undecided === undefined ? {} : { undecided }),
  };
}

function parseCall(node: Node, base: Base): CallStep | undefined {
  const call = node.get('call')?.text();
  const timeout = parseDurationValue(node.get('timeout'));
  if (call === undefined) return undefined;
  const step = { kind: 'call', ...base, call, ...parseWith(node.get('with')) } as const;
  return timeout === undefined ? step : { ...step, timeout };
}

function parseEmit(node: Node, base: Base): EmitStep | undefined {
  const type = node.get('emit')?.text();
  return type === undefined ? undefined : { kind: 'emit', ...base, emit: type, ...parseWith(node.get('with')) };
}

function parseUndo(node: Node, base: Base): UndoStep | undefined {
  const undo = node.get('undo');
  if (undo === undefined) return undefined;
  const because = parseText(node.get('because'));
  const ids = undo.texts().flatMap(item => item.text() ?? []);
  return {
    kind: 'undo',
    ...base,
    undo: undo.value === 'run' ? { kind: 'run' } : { kind: 'steps', ids },
    ...(because === undefined ? {} : { because }),
  };
}

function parseStop(node: Node, base: Base): StopStep | undefined {
  const stop = node.get('stop')?.word(['done', 'failed']);
  const because = parseText(node.get('because'));
  return stop && { kind: 'stop', ...base, stop, ...(because === undefined ? {} : { because }) };
}
