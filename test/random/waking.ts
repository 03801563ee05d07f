import type { Json, JsonObject } from '../../src/base/json.ts';
import type { Tape } from './tape.ts';

/* What wakes a random playbook, and what it can therefore speak of. */

export const WAKES = ['alarm', 'called', 'spread', 'manual', 'schedule', 'sigma', 'correlate', 'own'] as const;
export type Wakes = (typeof WAKES)[number];

export interface Waking {
  readonly trigger: readonly Json[];
  /** Texts that name a host, some of which may be absent. */
  readonly hosts: readonly string[];
  /** What tells one waking from another, as text. */
  readonly id: string;
  /** Texts for people. */
  readonly texts: readonly string[];
  readonly conditions: readonly string[];
  /** Lists to go through. */
  readonly lists: readonly string[];
  /** How bad it is: a condition. */
  readonly hot: string;
  /** A time that is there before anything is looked up. */
  readonly time: string;
  readonly more: JsonObject;
}

const HOST_INPUT: JsonObject = {
  host: { type: 'string', default: 'h1' },
  level: { type: 'integer', default: 3 },
};

export function wakingOf(wakes: Wakes, tape: Tape): Waking {
  switch (wakes) {
    case 'alarm':
      return { ...ON_ALARM, trigger: alarmTriggers(tape) };
    case 'correlate':
      return {
        ...ON_ALARM,
        trigger: [{ correlate: correlation(tape), ...(tape.chance(3) ? { if: 'size(events) < 4' } : {}) }],
        texts: [...ON_ALARM.texts, '{{count events}} of them', '{{join events "name"}}'],
        conditions: [...ON_ALARM.conditions, 'size(events) > 2', 'events.exists(e, e.name == "second")'],
        lists: ['events.map(e, e.host.name)'],
      };
    case 'called':
      return { ...ON_INPUTS, trigger: [{ call: true }], more: { inputs: HOST_INPUT } };
    case 'manual':
      return {
        ...ON_INPUTS,
        trigger: [{ manual: true }, ...(tape.chance(2) ? [{ call: true }] : [])],
        more: { inputs: HOST_INPUT },
      };
    case 'spread':
      return {
        ...BARE,
        trigger: [{ event: 'local.spread', ...(tape.chance(3) ? { match: { 'level|gte': 2 } } : {}) }],
        hosts: ['{{event.host.name}}'],
        texts: ['{{event.level}} {{event.host.name}}'],
        conditions: ['event.level > 2', 'has(event.host.name)', 'event.host.name == "h1"'],
        lists: ['event.hosts', 'fallback(event.hosts, [])'],
        hot: 'event.level > 2',
      };
    case 'schedule':
      return {
        ...BARE,
        trigger: [
          {
            schedule: tape.of(['30 9 * * *', '{{params.cron}}', '0 */12 * * *']),
            ...(tape.chance(2) ? { timezone: 'Europe/Berlin' } : {}),
            ...(tape.chance(2) ? { missed: 'skip' } : {}),
          },
        ],
        texts: ['{{event.schedule.due}} {{event.schedule.last}}'],
        conditions: ['has(event.schedule.last)', 'now >= timestamp(event.schedule.due)'],
        hot: 'has(event.schedule.last)',
      };
    case 'sigma':
      return {
        ...BARE,
        trigger: [
          {
            sigma: tape.of(['windows/*', 'windows/plain', '**']),
            ...(tape.chance(3) ? { if: 'event.severity > 20.0' } : {}),
          },
        ],
        hosts: ['{{event.host.name}}'],
        texts: ['{{event.rule.name}}: {{event.process.command_line}}'],
        conditions: ['event.severity > 60.0', 'has(event.rule.id)', 'event.host.name == "h1"'],
        hot: 'event.severity > 60.0',
      };
    case 'own':
      return {
        ...BARE,
        trigger: [{ event: tape.of(['backline.response-ended', 'backline.run-failed', 'backline.incident-closed']) }],
        texts: ['{{event.incident.key}}'],
        conditions: ['event.incident.key == "host:h1"', 'has(event.id)'],
        hot: 'event.incident.key == "host:h1"',
      };
  }
}

const BARE: Waking = {
  trigger: [],
  hosts: [],
  id: '{{event.id}}',
  texts: [],
  conditions: [],
  lists: [],
  hot: 'now > timestamp(event.time)',
  time: '{{event.time}}',
  more: {},
};

const ON_INPUTS: Waking = {
  ...BARE,
  hosts: ['{{inputs.host}}'],
  id: '{{inputs.host}}',
  texts: ['{{inputs.host}} {{inputs.level}}'],
  conditions: ['inputs.host == "h1"', 'inputs.level > 2'],
  lists: ['[inputs.host, "h2"]'],
  hot: 'inputs.level > 2',
  time: '2026-03-01T10:00:00Z',
};

const ON_ALARM: Waking = {
  ...BARE,
  hosts: ['{{event.host.name}}'],
  id: '{{event.alarm.id}}',
  texts: [
    '{{event.host.name}} {{event.process.command_line}}',
    '{{#if event.user.name}}{{event.user.name}}{{else}}nobody{{/if}}',
  ],
  conditions: [
    'event.alarm.id == "a1"',
    'has(event.user.name)',
    '!is_private(event.source.ip)',
    'in_list(event.host.name, "known")',
    'now > timestamp(event.time)',
  ],
  hot: 'event.severity > 50.0',
};

function alarmTriggers(tape: Tape): Json[] {
  const match = tape.of<JsonObject | undefined>([
    undefined,
    undefined,
    { match: { 'severity|gte': 20 } },
    {
      match: [{ 'host.name|inlist': 'known' }, { 'host.name|contains': '{{params.word}}', 'user.name|exists': false }],
    },
    { match: { 'host.name|not': 'h9' } },
  ]);
  const condition = tape.chance(4) ? { if: 'event.severity > 10.0 || event.host.name == "h1"' } : {};
  return [{ event: 'lab.alarm', ...match, ...condition }];
}

function correlation(tape: Tape): JsonObject {
  return {
    events: [
      { name: 'first', event: 'lab.alarm', ...(tape.chance(2) ? { match: { 'severity|gte': 50 } } : {}) },
      { name: 'second', event: 'lab.alarm' },
    ],
    by: tape.of<Json>(['host.name', ['host.key'], ['host.name', 'user.name']]),
    within: tape.of(['10m', '2h']),
    ...tape.of<JsonObject>([
      { count: 2 },
      { count: '{{params.cap}}' },
      { each: { second: 2 } },
      { distinct: { 'user.name': 2 } },
      { each: { first: 1, second: 1 }, ordered: true },
    ]),
  };
}
