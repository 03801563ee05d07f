import type { Json, JsonObject } from '../../src/base/json.ts';
import { own } from '../../src/base/json.ts';
import type { Tape } from './tape.ts';
import type { Wakes, Waking } from './waking.ts';
import { wakingOf } from './waking.ts';

/*
 * Playbooks that nobody wrote: every one is valid, and all constructs come together in ways that no author thought of. A
 * tape of numbers decides; when it is over everything is as small as can be.
 */

/** What a playbook is in its project. */
export interface Role {
  readonly name: string;
  readonly wakes: Wakes;
  /** Those that it may call; those that change nothing also in `enrich`. */
  readonly callees: readonly Callee[];
  /** Changes something, or only finds out. */
  readonly changes: boolean;
  /** How many `emit` steps it may have, and whether in loops: or the events would never end. */
  readonly emits: { readonly most: number; readonly inLoops: boolean };
}

export interface Callee {
  readonly name: string;
  readonly changes: boolean;
}

/** The text of a playbook, as JSON, which YAML 1.2 reads. */
export function randomPlaybook(tape: Tape, role: Role): string {
  return new Author(tape, role).playbook();
}

const HOUR = '1h';
const WRITES = ['list', 'isolate', 'press', 'mark', 'set', 'wipe'] as const;
const MOST_STEPS = 30;
const KIND = { type: 'choice', label: 'Kind', options: ['drill', 'real'] };
const FIELDS: readonly JsonObject[] = [
  KIND,
  { ...KIND, required: true },
  { type: 'text', label: 'Why', max: 20 },
  { type: 'number', label: 'How many', max: 9, required: true },
  { type: 'date', label: 'Until' },
  { type: 'boolean', label: 'Sure' },
];

/** What can be referred to where a step stands. */
interface Here {
  /** The items of the loops around it. */
  readonly items: readonly string[];
  /** Writes before it, in its list or around it: they can be undone. */
  readonly writes: readonly string[];
  /** Conditions on what stands before it. */
  readonly found: readonly string[];
  readonly depth: number;
  readonly section: 'respond' | 'finally';
}

/** A step, and what those after it may say of it. */
interface Written {
  readonly step: JsonObject;
  readonly writes?: readonly string[];
  readonly found?: readonly string[];
}

class Author {
  readonly #tape: Tape;
  readonly #role: Role;
  readonly #waking: Waking;
  #ids = 0;
  #steps = 0;
  #emits = 0;
  /** `run` and `outcome` can be spoken of. */
  #isJudged = false;
  /** Look-ups, with what can be asked of each. */
  readonly #enriched: {
    readonly id: string;
    readonly conditions: readonly string[];
    readonly lists: readonly string[];
  }[] = [];
  /** Ids whose outcome can be asked for anywhere in `respond`. */
  readonly #known: string[] = [];

  constructor(tape: Tape, role: Role) {
    this.#tape = tape;
    this.#role = role;
    this.#waking = wakingOf(role.wakes, tape);
  }

  playbook(): string {
    const { name, wakes } = this.#role;
    const { trigger, hot, more } = this.#waking;
    const tape = this.#tape;
    const enrich = this.#enrich();
    this.#isJudged = true;
    const checks = tape.chance(2) ? this.#verdict() : undefined;
    const here: Here = { items: [], writes: [], found: [], depth: 0, section: 'respond' };
    const words = [...new Set(checks?.map(({ is }) => is)), 'unknown'];
    const respond =
      checks === undefined ? this.#list(here) : Object.fromEntries(words.map(word => [word, this.#list(here)]));
    const isCalled = trigger.some(each => own(each, 'call') === true);
    return JSON.stringify(
      {
        language: 'v1',
        playbook: name,
        description: 'Nobody wrote this.',
        owner: 'owner@example.org',
        ...(tape.chance(4) ? { labels: { team: 'soc' }, attack: ['T1071.001', 'TA0011'], stage: 'delivery' } : {}),
        ...(tape.chance(20) ? { mode: 'paused' } : {}),
        timeout: tape.of(['7d', '2d', '{{params.whole}}']),
        params: {
          cap: { type: 'integer', default: 3, enum: [3, 4], note: 'How many.' },
          pause: { type: 'duration', default: '5m' },
          whole: { type: 'duration', default: '3d' },
          word: { type: 'string', default: 'h' },
          cron: { type: 'string', default: '15 */8 * * *' },
        },
        ...(wakes === 'called' ? {} : this.#exclusion()),
        trigger,
        ...more,
        vars: {
          hot,
          wanted: '["h1", "h2"]',
          many: ['h1', 'h2', 'h3', 'h1', 'dc1'],
          worst: 'vars.hot && size(vars.many) > 3',
        },
        ...(Object.keys(enrich).length === 0 ? {} : { enrich }),
        ...(checks === undefined ? {} : { verdict: checks }),
        respond,
        ...(isCalled ? { outputs: this.#outputs() } : {}),
        finally: this.#list({ ...here, section: 'finally', depth: 1 }),
      },
      undefined,
      1,
    );
  }

  #exclusion(): JsonObject {
    const tape = this.#tape;
    const { id, hosts } = this.#waking;
    const host = hosts[0] ?? id;
    return {
      ...(tape.chance(2) ? { incident: `host:${host}` } : {}),
      ...(tape.chance(3) ? { lock: `host:${host}` } : {}),
      ...(tape.chance(4)
        ? { once: { per: tape.of<Json>([id, [host, 'x'], host]), within: tape.of([HOUR, '1d']) } }
        : {}),
    };
  }

  #outputs(): JsonObject {
    const looked = this.#enriched.flatMap(({ conditions }) => conditions);
    return { bad: this.#condition([]), found: looked[this.#tape.pick(Math.max(looked.length, 1))] ?? 'vars.hot' };
  }

  #id(prefix: string): string {
    const id = `${prefix}${++this.#ids}`;
    this.#known.push(id);
    return id;
  }

  #any<T>(choices: readonly T[], otherwise: T): T {
    return choices[this.#tape.pick(Math.max(choices.length, 1))] ?? otherwise;
  }

  #enrich(): JsonObject {
    const entries: { [id: string]: Json } = {};
    for (let count = this.#tape.pick(5); count > 0; count--) {
      const before = this.#enriched.at(-1);
      const id = this.#id('e');
      const isRequired = this.#tape.chance(6);
      const { step, conditions, lists = [] } = this.#lookUp(id, before?.id, 0, []);
      entries[id] = {
        ...step,
        ...(before !== undefined && this.#tape.chance(3) ? { after: [before.id] } : {}),
        ...(isRequired ? { required: true } : this.#tape.chance(3) ? { if: this.#condition([]) } : {}),
        ...(this.#tape.chance(6) ? { on_error: this.#tape.of<Json>(['continue', [this.#message([])]]) } : {}),
      };
      this.#enriched.push({ id, conditions: [...conditions, `known(enrich.${id})`], lists });
    }
    return entries;
  }

  /** What finds out something, as an entry of `enrich` or in a loop there. */
  #lookUp(
    id: string,
    before: string | undefined,
    depth: number,
    items: readonly string[],
  ): { readonly step: JsonObject; readonly conditions: readonly string[]; readonly lists?: readonly string[] } {
    const tape = this.#tape;
    const reference = `enrich.${id}`;
    switch (tape.pick(9)) {
      case 1:
        return {
          step: { ...this.#question(), answers: { go: { label: 'Go', people: 1 }, stay: { label: 'Stay' } } },
          conditions: [`${reference}.answer == "go"`, `has(${reference}.by)`],
        };
      case 2:
        return {
          step: { wait: this.#waited(this.#waking.time) },
          conditions: [`known(${reference})`],
        };
      case 3: {
        const callee = this.#any(
          this.#role.callees.filter(({ changes }) => !changes),
          undefined,
        );
        if (callee === undefined) break;
        return {
          step: this.#called(callee, items),
          conditions: [`fallback(${reference}.bad, false)`, `${reference}.found`],
        };
      }
      case 4:
      case 5: {
        if (depth > 1) break;
        return {
          step: this.#lookUps(depth, items),
          conditions: [
            `${reference}.done > 1`,
            `${reference}.results.exists(r, r.status == "failed")`,
            `size(${reference}.items) > 2`,
          ],
          lists: [`${reference}.items`, `${reference}.results.filter(r, r.status == "done").map(r, r.item)`],
        };
      }
      case 6:
        return { step: this.#kept(items), conditions: [`has(${reference})`] };
      case 7:
        return { step: this.#message(items), conditions: [`has(${reference})`] };
      default:
    }
    const what = [
      id,
      ...items.map(item => `{{${item}}}`),
      ...(before !== undefined && depth === 0 ? [`after {{json enrich.${before}}}`] : []),
    ];
    return {
      step: {
        do: 'lab.look',
        with: { what: this.#any(what, id) },
        ...(tape.chance(3)
          ? { timeout: '20s', retry: { times: tape.of<Json>([2, '{{params.cap}}']), every: '1s', max: '4s' } }
          : {}),
        ...(tape.chance(5) ? { poll: { every: '10s', until: 'result.score > 5' } } : {}),
      },
      conditions: [`${reference}.score > 5`, `has(${reference}.hosts)`, `fallback(${reference}.score, 9) > 5`],
      lists: [`${reference}.hosts`],
    };
  }

  /** A loop of look-ups. */
  #lookUps(depth: number, items: readonly string[]): JsonObject {
    const item = `i${++this.#ids}`;
    const outside = this.#known.length;
    const steps = Array.from({ length: 1 + this.#tape.pick(2) }, () => {
      const id = this.#id('s');
      const { step } = this.#lookUp(id, undefined, depth + 1, [...items, item]);
      return {
        id,
        ...(this.#tape.chance(4) ? { if: `${item} != "h2"` } : {}),
        ...step,
        ...(this.#tape.chance(3) ? { on_error: 'continue' } : {}),
      };
    });
    this.#known.length = outside;
    return { ...this.#rounds(item, items), steps };
  }

  #rounds(item: string, items: readonly string[]): JsonObject {
    const lists = [
      'vars.wanted',
      '["h1", "h2", "h3"]',
      'vars.many',
      'distinct(vars.many)',
      ...this.#waking.lists,
      ...this.#enriched.flatMap(each => each.lists),
      ...items.map(outer => `[${outer}, "x"]`),
    ];
    return {
      for_each: this.#any(lists, 'vars.wanted'),
      as: item,
      max: this.#tape.of<Json>([1, 2, 3, 4, 5, '{{params.cap}}']),
      ...(this.#tape.chance(2) ? { at_once: 1 + this.#tape.pick(3) } : {}),
    };
  }

  #verdict(): { readonly is: string; readonly [key: string]: Json }[] {
    const checks = this.#conditions(1 + this.#tape.pick(3), []).map(condition => ({
      is: this.#tape.of(['malicious', 'suspicious', 'benign']),
      if: condition,
      because: `for ${this.#any(this.#waking.texts, 'no reason')}`,
      ...(this.#tape.chance(4) ? { certain: true } : {}),
    }));
    return this.#tape.chance(2) ? [...checks, { is: 'benign' }] : checks;
  }

  #condition(items: readonly string[], found: readonly string[] = []): string {
    const atoms = [
      'vars.hot',
      'vars.worst',
      'params.cap > 3',
      ...this.#waking.conditions,
      ...this.#enriched.flatMap(({ conditions }) => conditions),
      ...items.map(item => `${item} == "h1"`),
      ...found,
    ];
    const atom = () => this.#any(atoms, 'vars.hot');
    switch (this.#tape.pick(4)) {
      case 1:
        return `${atom()} && ${atom()}`;
      case 2:
        return `${atom()} || !(${atom()})`;
      default:
        return atom();
    }
  }

  /** No two alike: of those that stand beside each other the second would never be taken. */
  #conditions(most: number, items: readonly string[], found: readonly string[] = []): string[] {
    return [...new Set(Array.from({ length: most }, () => this.#condition(items, found)))];
  }

  #list(here: Here): JsonObject[] {
    const steps: JsonObject[] = [];
    let around = here;
    for (let count = this.#tape.pick(here.depth > 2 ? 2 : 4); count > 0 && this.#steps < MOST_STEPS; count--) {
      this.#steps++;
      const common = this.#common(around);
      const { step, writes = [], found = [] } = this.#step(around);
      steps.push({ ...common, ...step });
      around = { ...around, writes: [...around.writes, ...writes], found: [...around.found, ...found] };
    }
    return steps;
  }

  #step(here: Here): Written {
    const inner: Here = { ...here, depth: here.depth + 1 };
    const { found, items } = here;
    switch (this.#tape.pick(here.depth > 3 ? 5 : here.section === 'finally' ? 12 : 16)) {
      case 1:
      case 2:
        return this.#write(here);
      case 3: {
        const id = this.#id('k');
        return { step: { id, ...this.#kept(items) }, found: [`outcome.${id}.status == "done"`] };
      }
      case 4: {
        if (this.#emits >= this.#role.emits.most || (items.length > 0 && !this.#role.emits.inLoops)) break;
        this.#emits++;
        return { step: { id: this.#id('m'), ...this.#emitted(here) } };
      }
      case 5:
        return { step: { choose: this.#branches(inner) } };
      case 6:
      case 7:
        return this.#loop(here);
      case 8:
        return {
          step: {
            parallel: Object.fromEntries(
              Array.from({ length: 2 + this.#tape.pick(2) }, (_, index) => [`b${index}`, this.#list(inner)]),
            ),
          },
        };
      case 9: {
        if (here.writes.length === 0) break;
        const one = this.#any(here.writes, 'run');
        return {
          step: {
            undo: this.#tape.of<Json>([one, 'run', [one]]),
            ...(this.#tape.chance(2) ? { because: 'for {{run.incident}}' } : {}),
          },
        };
      }
      case 10: {
        const callee = this.#any(
          this.#role.callees.filter(({ changes }) => this.#role.changes || !changes),
          undefined,
        );
        if (callee === undefined) break;
        const id = this.#id('c');
        return {
          step: { id, ...this.#called(callee, items) },
          found: [`fallback(steps.${id}.bad, true)`, `outcome.${id}.status == "done"`],
        };
      }
      case 11:
        return { step: { do: 'lab.look', with: { what: 'late' }, poll: { every: '5s', until: 'result.score > 8' } } };
      case 12: {
        const id = this.#id('q');
        return { step: { id, ...this.#ask(inner) }, found: [`fallback(steps.${id}.answer, "none") == "go"`] };
      }
      case 13:
      case 14: {
        const id = this.#id('p');
        const wait = this.#waited('{{run.started}}');
        const otherwise = Object.hasOwn(wait, 'for') || this.#tape.chance(2) ? {} : { otherwise: this.#list(inner) };
        return { step: { id, wait, ...otherwise }, found: [`outcome.${id}.status == "done"`] };
      }
      case 15:
        // What follows a step that always ends the run could not be reached.
        return {
          step: {
            if: this.#condition(items, found),
            stop: this.#tape.of(['done', 'failed']),
            ...(this.#tape.chance(2) ? { because: this.#text(items) } : {}),
          },
        };
      default:
    }
    return { step: this.#message(items) };
  }

  #common(here: Here): JsonObject {
    const inner: Here = { ...here, depth: here.depth + 1 };
    return {
      ...(this.#tape.chance(8) ? { note: 'For people.' } : {}),
      ...(this.#tape.chance(3) ? { if: this.#condition(here.items, here.found) } : {}),
      ...(this.#tape.chance(4) ? { on_error: this.#onError(inner) } : {}),
    };
  }

  #onError(inner: Here): Json {
    const choice = this.#tape.pick(3);
    if (choice === 2 && inner.depth < 4) return this.#list(inner);
    return choice === 0 ? 'continue' : 'fail';
  }

  #message(items: readonly string[]): JsonObject {
    return { do: 'lab.tell', with: { to: 'soc', subject: this.#text(items) } };
  }

  #text(items: readonly string[]): string {
    const parts = [
      ...(this.#isJudged ? ['{{run.incident}} {{run.mode}}'] : ['look']),
      ...this.#waking.texts,
      ...items.map(item => `{{${item}}}`),
    ];
    const asked = this.#known.filter(id => !id.startsWith('e'));
    const outcome = asked[this.#tape.pick(Math.max(asked.length, 1))];
    const told =
      outcome === undefined || !this.#isJudged || !this.#tape.chance(2) ? '' : ` {{outcome.${outcome}.status}}`;
    return `${this.#any(parts, 'x')}${told}`;
  }

  #host(items: readonly string[]): string {
    return this.#any(['h1', 'h2', 'dc1', ...this.#waking.hosts, ...items.map(item => `{{${item}}}`)], 'h1');
  }

  #write(here: Here): Written {
    const tape = this.#tape;
    const { items } = here;
    if (!this.#role.changes) return { step: this.#message(items) };
    const id = this.#id('w');
    const action = tape.of(WRITES);
    const isHeld = action !== 'wipe';
    const host = this.#host(items);
    const isLevelled = action !== 'set' && tape.chance(6);
    const step = {
      id,
      do: `lab.${action}`,
      with: action === 'set' ? { name: host } : { host, ...(isLevelled ? { level: tape.pick(2) } : {}) },
      ...(here.section === 'respond' && tape.chance(4) ? { approve: this.#approve(here, isHeld) } : {}),
      ...(isHeld && tape.chance(2) ? { hold: this.#hold() } : {}),
      ...(tape.chance(4) ? { retry: { times: 2, every: '1s' }, timeout: '1m' } : {}),
    };
    return { step, writes: [id], found: [`outcome.${id}.status == "done"`, `outcome.${id}.already`] };
  }

  #approve({ items, found }: Here, mayAllow: boolean): JsonObject {
    const tape = this.#tape;
    return {
      who: tape.of<Json>(['leads', ['leads', 'others']]),
      within: HOUR,
      otherwise: tape.of(['deny', mayAllow ? 'allow' : 'deny']),
      ...(tape.chance(2) ? { if: this.#condition(items, found) } : {}),
      ...(tape.chance(3) ? { people: 2 } : {}),
      ...(tape.chance(3) ? { except: 'ann' } : {}),
      ...(tape.chance(3) ? { note: this.#text(items) } : {}),
    };
  }

  #hold(): JsonObject {
    const cleared = this.#cleared();
    return this.#tape.of<JsonObject>([
      { for: '2h' },
      { for: '{{params.pause}}' },
      { for: '2h', until: [cleared] },
      { until: [cleared, { event: 'local.spread', if: 'arrived.level > 2' }] },
      { until: [{ event: 'backline.incident-closed', match: { 'incident.key': '{{run.incident}}' } }] },
    ]);
  }

  #cleared(): JsonObject {
    return { event: 'lab.cleared', match: { 'alarm.id': this.#waking.id } };
  }

  /** What Backline keeps itself. */
  #kept(items: readonly string[]): JsonObject {
    const value = this.#host(items);
    return this.#tape.of<JsonObject>([
      { do: 'backline.count', with: { key: 'seen', within: '1d', value, add: 2 } },
      { do: 'backline.list-add', with: { list: 'watched', value, note: this.#text(items), for: '1d' } },
      { do: 'backline.list-check', with: { list: 'watched', value } },
      { do: 'backline.list-remove', with: { list: 'watched', value } },
      { do: 'backline.remember', with: { key: 'last', value, for: '1d' } },
      { do: 'backline.recall', with: { key: 'last' } },
      { do: 'backline.timeline', with: { host: value, since: '1d' } },
      { do: 'backline.responses', with: { target: value } },
      { do: 'backline.note', with: { text: this.#text(items) } },
    ]);
  }

  #called({ name }: Callee, items: readonly string[]): JsonObject {
    return {
      call: name,
      with: { host: this.#host(items), ...(this.#tape.chance(2) ? { level: 4 } : {}) },
      ...(this.#tape.chance(4) ? { timeout: '10m' } : {}),
    };
  }

  #emitted({ items }: Here): JsonObject {
    return {
      emit: 'local.spread',
      with: {
        level: 1 + this.#tape.pick(4),
        hosts: '{{vars.wanted}}',
        ...(this.#tape.chance(2) ? { host: { name: this.#host(items) } } : {}),
        ...(this.#tape.chance(3) ? { id: `from ${this.#waking.id}` } : {}),
      },
    };
  }

  #branches(inner: Here): Json[] {
    return [
      ...this.#conditions(1 + this.#tape.pick(2), inner.items, inner.found).map(condition => ({
        if: condition,
        then: this.#list(inner),
      })),
      ...(this.#tape.chance(2) ? [{ else: this.#list(inner) }] : []),
      ...(this.#tape.chance(2) ? [{ undecided: this.#list(inner) }] : []),
    ];
  }

  #question(): JsonObject {
    const tape = this.#tape;
    const form = Array.from({ length: tape.pick(3) }, (_, index) => [`f${index}`, this.#any(FIELDS, KIND)] as const);
    return {
      ask: `What about ${this.#any(this.#waking.texts, 'it')}?`,
      who: 'leads',
      within: HOUR,
      ...(tape.chance(3) ? { people: 2 } : {}),
      ...(tape.chance(4) ? { except: ['ann'] } : {}),
      ...(form.length === 0 ? {} : { form: Object.fromEntries(form) }),
    };
  }

  #ask(inner: Here): JsonObject {
    const answer = (label: string): JsonObject => ({
      label,
      ...(this.#tape.chance(5) ? { people: 1 + this.#tape.pick(2) } : {}),
      ...(this.#tape.chance(2) ? { then: this.#list(inner) } : {}),
    });
    return {
      ...this.#question(),
      answers: { go: answer('Go'), stay: answer('Stay') },
      ...(this.#tape.chance(2) ? { otherwise: this.#list(inner) } : {}),
    };
  }

  #waited(until: string): JsonObject {
    return this.#tape.of<JsonObject>([
      { for: '5m' },
      { for: '{{params.pause}}' },
      { ...this.#cleared(), within: HOUR },
      { ...this.#cleared(), within: HOUR, since: 'run' },
      { event: 'lab.alarm', if: 'arrived.host.name == "h1"', within: '30m' },
      { until, within: HOUR },
      { window: 'night', within: HOUR },
    ]);
  }

  #loop(here: Here): Written {
    if (here.items.length > 1) return this.#write(here);
    const id = this.#id('l');
    const item = `i${id}`;
    const outside = this.#known.length;
    const inner: Here = { ...here, depth: here.depth + 1, items: [...here.items, item], writes: [] };
    const steps = this.#list(inner);
    // What is in a loop has an outcome in each round, and none outside.
    this.#known.length = outside;
    return {
      step: { id, ...this.#rounds(item, here.items), steps },
      found: [`fallback(steps.${id}.done, 0) > 0`, `outcome.${id}.status == "done"`],
    };
  }
}
