import type { Callable, Catalogue } from '../../src/action/connector.ts';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import type { Json } from '../../src/base/json.ts';
import { startOf } from '../../src/base/span.ts';
import type { Event } from '../../src/event/event.ts';
import type { Guardrails } from '../../src/engine/guardrails.ts';
import type { Installed } from '../../src/engine/playbooks.ts';
import { compile } from '../../src/machine/compile.ts';
import type { Facts } from '../../src/machine/command.ts';
import { callableOf } from '../../src/playbook/callable.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { labCatalogue } from '../kit/lab.ts';
import { FACTS } from '../machine/play.ts';
import type { Callee, Role } from './playbook.ts';
import { randomPlaybook } from './playbook.ts';
import { Tape } from './tape.ts';
import type { Wakes } from './waking.ts';

/* A whole project that nobody wrote: playbooks that call and wake each other, with lists, rules and guardrails. */

export interface Project {
  readonly texts: readonly { readonly name: string; readonly text: string }[];
  /** What is wrong with them: nothing, or it is a bug. */
  readonly diagnostics: readonly Diagnostic[];
  readonly installed: readonly Installed[];
  readonly guardrails: Guardrails;
}

const LISTS = new Map(
  Object.entries({ known: 'kind: name\nvalues: [h1, h2]\n', watched: 'kind: name\nkept: true\n' }).map(
    ([name, text]) => [name, { file: `lists/${name}.yaml`, text }],
  ),
);

const RULE = `title: Somebody asks for credentials
id: asks
level: high
tags: [attack.discovery, attack.t1012]
logsource: { product: windows, category: process_creation }
detection: { image: { Image|endswith: '\\cmdkey.exe' }, condition: image }
`;
const COUNTED = `title: Again and again
level: critical
correlation: { type: event_count, rules: [asks], group-by: [Computer], timespan: 10m, condition: { gte: 2 } }
`;
const RULES = new Map(
  Object.entries({
    'windows/plain.yml': RULE.replace('id: asks', 'id: plain').replace('high', 'low'),
    'windows/counted.yml': `${RULE}---\n${COUNTED}`,
  }).map(([path, text]) => [path, { file: `sigma/${path}`, text }]),
);

const MANY = { most: 2, inLoops: true };
const NONE = { most: 0, inLoops: false };

/** What a run of it may be born with, of the kind that wakes it. */
export function factsOf({ compiled, params }: Installed): Facts {
  const { event: alarm, ...facts } = FACTS;
  const { inputs } = compiled.playbook;
  if (inputs.length > 0)
    return { ...facts, params, inputs: Object.fromEntries(inputs.map(input => [input.id, input.default ?? null])) };
  const event = alarm as Event;
  return {
    ...facts,
    params,
    event,
    events: [
      { ...event, name: 'first' },
      { ...event, name: 'second' },
    ],
  };
}

/** Those that are called come first, so that those that call them can be read. */
export function randomProject(numbers: readonly number[]): Project {
  const tape = new Tape(numbers);
  const reader: Callee = { name: 'reader', changes: false };
  const inner: Callee = { name: 'inner', changes: true };
  const outer: Callee = { name: 'outer', changes: true };
  const all = [reader, inner, outer];
  const main = (name: string, wakes: Wakes): Role => ({ name, wakes, callees: all, changes: true, emits: MANY });
  const roles: Role[] = [
    { name: 'reader', wakes: 'called', callees: [], changes: false, emits: NONE },
    { name: 'inner', wakes: 'called', callees: [reader], changes: true, emits: NONE },
    { name: 'outer', wakes: tape.of(['called', 'manual']), callees: [reader, inner], changes: true, emits: NONE },
    main('one', 'alarm'),
    main('two', tape.of(['alarm', 'correlate', 'sigma', 'schedule'])),
    { ...main('three', tape.of(['spread', 'manual', 'own'])), emits: { most: 1, inLoops: false } },
  ];
  const callables = new Map<string, Callable>();
  const texts: { name: string; text: string }[] = [];
  const diagnostics: Diagnostic[] = [];
  const installed: Installed[] = [];
  for (const role of roles) {
    const callees = role.callees.filter(({ name }) => callables.has(name));
    const text = randomPlaybook(tape, { ...role, callees });
    texts.push({ name: role.name, text });
    const catalogue: Catalogue = { ...labCatalogue, callables: new Map(callables) };
    const sources = {
      file: `playbooks/${role.name}/playbook.yaml`,
      folder: role.name,
      text,
      lists: LISTS,
      sigma: RULES,
    };
    const loaded = loadPlaybook(sources, catalogue, { windows: ['night'] });
    diagnostics.push(...loaded.diagnostics);
    if (loaded.playbook === undefined) continue;
    const callable = callableOf(loaded.playbook, catalogue);
    if (callable !== undefined) callables.set(role.name, callable);
    const compiled = compile(loaded.playbook, catalogue);
    const params: { [id: string]: Json } = {};
    for (const { id, default: value } of loaded.playbook.params) if (value !== undefined) params[id] = value;
    installed.push({ compiled, mode: loaded.playbook.mode, params });
  }
  return { texts, diagnostics, installed, guardrails: randomGuardrails(tape) };
}

function randomGuardrails(tape: Tape): Guardrails {
  const span = startOf('guardrails.yaml');
  return {
    protected: [{ name: 'crown', span, values: { host: ['dc*'] } }],
    budgets: tape.chance(2)
      ? [
          {
            name: 'few',
            span,
            most: 2,
            within: 600_000,
            per: tape.of(['all', 'playbook']),
            actions: ['lab.list', 'lab.mark'],
          },
        ]
      : [],
    approvals: tape.chance(3)
      ? [{ name: 'eyes', span, who: ['leads'], within: 3_600_000, people: 2, actions: ['lab.press'] }]
      : [],
    windows: [{ name: 'night', span, days: [0, 1, 2, 3, 4, 5, 6], from: 570, to: 600, timezone: 'UTC' }],
  };
}
