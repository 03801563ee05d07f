import type { Json, JsonObject } from '../../src/base/json.ts';

/*
 * Playbooks that nobody wrote: every one is valid, and all constructs come together in ways that no author thought of. A
 * tape of numbers decides; when it is over everything is as small as can be.
 */

const HOUR = '1h';
const CLEARED = { event: 'lab.cleared', match: { 'alarm.id': '{{event.alarm.id}}' } };
const WRITES = ['list', 'isolate', 'press', 'mark'] as const;

/** The text of a playbook, as JSON, which YAML 1.2 reads. */
export function randomPlaybook(tape: readonly number[]): string {
  return new Author(tape).playbook();
}

/** What can be referred to where a step stands. */
interface Here {
  /** The items of the loops around it. */
  readonly items: readonly string[];
  /** Writes before it, in its list or around it: they can be undone. */
  readonly writes: readonly string[];
  readonly depth: number;
  readonly section: 'respond' | 'finally';
}

class Author {
  readonly #tape: readonly number[];
  #turn = 0;
  #ids = 0;
  #steps = 0;
  readonly #enriched: string[] = [];
  readonly #known: string[] = [];

  constructor(tape: readonly number[]) {
    this.#tape = tape;
  }

  playbook(): string {
    const enrich = this.#enrich();
    const checks = this.#chance(2) ? this.#verdict() : undefined;
    const here: Here = { items: [], writes: [], depth: 0, section: 'respond' };
    const words = [...new Set(checks?.map(({ is }) => is)), 'unknown'];
    const respond =
      checks === undefined ? this.#list(here) : Object.fromEntries(words.map(word => [word, this.#list(here)]));
    return JSON.stringify(
      {
        language: 'v1',
        playbook: 'random',
        description: 'Nobody wrote this.',
        owner: 'owner@example.org',
        timeout: '7d',
        ...(this.#chance(3) ? { lock: 'host:{{event.host.key}}' } : {}),
        ...(this.#chance(4) ? { once: { per: '{{event.alarm.id}}', within: HOUR } } : {}),
        trigger: [{ event: 'lab.alarm' }],
        vars: { hot: 'event.severity > 50.0', wanted: '["h1", "h2"]' },
        ...(Object.keys(enrich).length === 0 ? {} : { enrich }),
        ...(checks === undefined ? {} : { verdict: checks }),
        respond,
        finally: this.#list({ ...here, section: 'finally', depth: 1 }),
      },
      undefined,
      1,
    );
  }

  /** A number below `most`; 0 when the tape is over. */
  #pick(most: number): number {
    return (this.#tape[this.#turn++] ?? 0) % most;
  }

  /** True once in so many; false when the tape is over. */
  #chance(once: number): boolean {
    return this.#pick(once) === once - 1;
  }

  #of<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.#pick(choices.length)] ?? choices[0];
  }

  #id(prefix: string): string {
    const id = `${prefix}${++this.#ids}`;
    this.#known.push(id);
    return id;
  }

  #enrich(): JsonObject {
    const entries: { [id: string]: Json } = {};
    for (let count = this.#pick(4); count > 0; count--) {
      const before = this.#enriched.at(-1);
      const id = this.#id('e');
      const isRequired = this.#chance(6);
      entries[id] = {
        do: 'lab.look',
        with: { what: before !== undefined && this.#chance(2) ? `after {{enrich.${before}.score}}` : id },
        ...(before !== undefined && this.#chance(3) ? { after: [before] } : {}),
        ...(isRequired ? { required: true } : this.#chance(3) ? { if: 'vars.hot' } : {}),
        ...(this.#chance(3) ? { timeout: '20s', retry: { times: 2, every: '1s' } } : {}),
        ...(this.#chance(5) ? { poll: { every: '10s', until: 'result.score > 5' } } : {}),
      };
      this.#enriched.push(id);
    }
    return entries;
  }

  #verdict(): { readonly is: string; readonly [key: string]: Json }[] {
    const checks = this.#conditions(1 + this.#pick(3), []).map(condition => ({
      is: this.#of(['malicious', 'suspicious', 'benign']),
      if: condition,
      because: 'for {{event.host.name}}',
      ...(this.#chance(4) ? { certain: true } : {}),
    }));
    return this.#chance(2) ? [...checks, { is: 'benign' }] : checks;
  }

  #condition(items: readonly string[]): string {
    const atoms = [
      'vars.hot',
      'event.alarm.id == "a1"',
      'has(event.user.name)',
      '!is_private(event.source.ip)',
      'now > timestamp(event.time)',
      ...this.#enriched.flatMap(id => [`enrich.${id}.score > 5`, `known(enrich.${id})`, `has(enrich.${id}.hosts)`]),
      ...items.map(item => `${item} == "h1"`),
    ];
    const atom = () => atoms[this.#pick(atoms.length)] ?? 'vars.hot';
    switch (this.#pick(4)) {
      case 1:
        return `${atom()} && ${atom()}`;
      case 2:
        return `${atom()} || !(${atom()})`;
      default:
        return atom();
    }
  }

  /** No two alike: of those that stand beside each other the second would never be taken. */
  #conditions(most: number, items: readonly string[]): string[] {
    return [...new Set(Array.from({ length: most }, () => this.#condition(items)))];
  }

  #list(here: Here): Json[] {
    const steps: Json[] = [];
    let around = here;
    for (let count = this.#pick(here.depth > 2 ? 2 : 4); count > 0 && this.#steps < 30; count--) {
      this.#steps++;
      const { step, writes } = this.#step(around);
      steps.push(step);
      around = { ...around, writes: [...around.writes, ...writes] };
    }
    return steps;
  }

  #step(here: Here): { readonly step: Json; readonly writes: readonly string[] } {
    const isLast = here.section === 'finally';
    const common = this.#common(here);
    const inner: Here = { ...here, depth: here.depth + 1 };
    const kinds = isLast ? 4 : 11;
    switch (here.depth > 3 ? this.#pick(3) : this.#pick(kinds)) {
      case 1:
      case 2: {
        const id = this.#id('w');
        return { step: { id, ...common, ...this.#write(here) }, writes: [id] };
      }
      case 3:
        return { step: { ...common, choose: this.#branches(inner) }, writes: [] };
      case 4: {
        const id = this.#id('q');
        return { step: { id, ...common, ...this.#ask(inner) }, writes: [] };
      }
      case 5: {
        const id = this.#id('p');
        return { step: { id, ...common, ...this.#wait(inner) }, writes: [] };
      }
      case 6: {
        const id = this.#id('l');
        if (here.items.length > 1) return { step: { id, ...common, ...this.#write(here) }, writes: [id] };
        return { step: { id, ...common, ...this.#loop(id, inner) }, writes: [] };
      }
      case 7:
      case 8: {
        const branches = Object.fromEntries(
          Array.from({ length: 2 + this.#pick(2) }, (_, index) => [`b${index}`, this.#list(inner)]),
        );
        return { step: { ...common, parallel: branches }, writes: [] };
      }
      case 9:
        if (here.writes.length === 0) break;
        return {
          step: { ...common, undo: this.#chance(2) ? 'run' : (here.writes[this.#pick(here.writes.length)] ?? 'run') },
          writes: [],
        };
      case 10:
        // What follows a step that always ends the run could not be reached.
        return { step: { ...common, if: this.#condition(here.items), stop: this.#of(['done', 'failed']) }, writes: [] };
      default:
    }
    return { step: { ...common, do: 'lab.tell', with: { to: 'soc', subject: this.#text(here) } }, writes: [] };
  }

  #common(here: Here): JsonObject {
    const inner: Here = { ...here, depth: here.depth + 1 };
    return {
      ...(this.#chance(3) ? { if: this.#condition(here.items) } : {}),
      ...(this.#chance(4) ? { on_error: here.depth > 2 || this.#chance(2) ? 'continue' : this.#list(inner) } : {}),
    };
  }

  #text(here: Here): string {
    const parts = ['{{event.host.name}}', '{{run.incident}}', ...here.items.map(item => `{{${item}}}`)];
    const asked = this.#known.filter(id => !id.startsWith('e'));
    const outcome = asked[this.#pick(Math.max(asked.length, 1))];
    const told = outcome === undefined || !this.#chance(2) ? '' : ` {{outcome.${outcome}.status}}`;
    return `${parts[this.#pick(parts.length)] ?? 'x'}${told}`;
  }

  #write({ items, section }: Here): JsonObject {
    const hosts = ['h1', 'h2', '{{event.host.name}}', ...items.map(item => `{{${item}}}`)];
    return {
      do: `lab.${this.#of(WRITES)}`,
      with: { host: hosts[this.#pick(hosts.length)] ?? 'h1' },
      ...(section === 'respond' && this.#chance(4)
        ? {
            approve: {
              who: 'leads',
              within: HOUR,
              otherwise: this.#of(['deny', 'allow']),
              ...(this.#chance(2) ? { if: this.#condition(items) } : {}),
            },
          }
        : {}),
      ...(this.#chance(2) ? { hold: { for: '2h', ...(this.#chance(2) ? { until: [CLEARED] } : {}) } } : {}),
      ...(this.#chance(4) ? { retry: { times: 2, every: '1s' }, timeout: '1m' } : {}),
    };
  }

  #branches(inner: Here): Json[] {
    return [
      ...this.#conditions(1 + this.#pick(2), inner.items).map(condition => ({
        if: condition,
        then: this.#list(inner),
      })),
      ...(this.#chance(2) ? [{ else: this.#list(inner) }] : []),
      ...(this.#chance(2) ? [{ undecided: this.#list(inner) }] : []),
    ];
  }

  #ask(inner: Here): JsonObject {
    const answer = (label: string): JsonObject => ({
      label,
      ...(this.#chance(2) ? { then: this.#list(inner) } : {}),
    });
    return {
      ask: 'What about {{event.host.name}}?',
      who: 'leads',
      within: HOUR,
      ...(this.#chance(3) ? { people: 2 } : {}),
      answers: { go: answer('Go'), stay: answer('Stay') },
      ...(this.#chance(3) ? { form: { kind: { type: 'choice', label: 'Kind', options: ['drill', 'real'] } } } : {}),
      ...(this.#chance(2) ? { otherwise: this.#list(inner) } : {}),
    };
  }

  #wait(inner: Here): JsonObject {
    const wait = [
      { for: '5m' },
      { ...CLEARED, within: HOUR },
      { ...CLEARED, within: HOUR, since: 'run' },
      { until: '{{event.time}}', within: HOUR },
    ][this.#pick(4)] ?? { for: '5m' };
    const otherwise = 'for' in wait || !this.#chance(2) ? {} : { otherwise: this.#list(inner) };
    return { wait, ...otherwise };
  }

  #loop(id: string, inner: Here): JsonObject {
    const lists = ['vars.wanted', '["h1", "h2", "h3"]', ...this.#enriched.map(each => `enrich.${each}.hosts`)];
    const item = `i${id}`;
    const outside = this.#known.length;
    const steps = this.#list({ ...inner, items: [...inner.items, item], writes: [] });
    // What is in a loop has an outcome in each round, and none outside.
    this.#known.length = outside;
    return {
      for_each: lists[this.#pick(lists.length)] ?? 'vars.wanted',
      as: item,
      max: 1 + this.#pick(4),
      ...(this.#chance(2) ? { at_once: 2 } : {}),
      steps,
    };
  }
}
