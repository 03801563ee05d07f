import type { Compiled } from '../../src/machine/compiled.ts';
import { compileText, playbookText } from '../kit/load.ts';

/** Small playbooks that together use every construct of the language that runs. */
const TEXTS: { readonly [name: string]: string } = {
  evidence: `
enrich:
  first: { do: lab.look, with: { what: "{{event.host.name}}" } }
  second: { do: lab.look, if: enrich.first.score > 3, with: { what: second } }
  third: { do: lab.look, with: { what: third }, after: [second], required: true }
  apart: { do: lab.look, with: { what: "{{optional event.user.name}}" }, poll: { every: 10s, until: result.score > 1 } }
verdict:
  - { is: malicious, if: enrich.first.score >= 8, because: "score {{enrich.first.score}}" }
  - { is: suspicious, if: enrich.second.score >= 8, certain: true }
  - { is: benign }
respond:
  malicious:
    - { id: act, do: lab.list, with: { host: "{{event.host.name}}" } }
  suspicious:
    - { id: ask_them, ask: "Is it?", who: leads, within: 1h, answers: { yes: { label: "Yes" }, no: { label: "No" } } }
  benign: []
  unknown:
    - { do: lab.tell, with: { to: soc, subject: "unknown: {{join verdict.missing}}" } }
finally:
  - { id: story, if: verdict.is != "benign", do: lab.tell, with: { to: soc, subject: "{{verdict.is}}" } }
`,
  gathering: `
enrich:
  seen: { do: lab.look, with: {} }
  files:
    for_each: enrich.seen.hosts
    as: host
    max: 4
    at_once: 2
    steps:
      - { id: look, if: host != "h2", do: lab.look, with: { what: "{{host}}" }, on_error: continue }
      - { id: deeper, for_each: '["x", "y"]', as: part, max: 2, steps: [{ id: inner, do: lab.look, with: { what: "{{host}} {{part}}" } }] }
  owner: { ask: "Whose is {{event.host.name}}?", who: leads, within: 1h, answers: { ours: { label: Ours }, theirs: { label: Theirs } } }
  pause: { wait: { for: 5m }, after: [owner] }
  news: { wait: { event: lab.cleared, match: { alarm.id: "{{event.alarm.id}}" }, within: 2h }, if: enrich.owner.answer == "ours" }
verdict:
  - { is: bad, if: 'enrich.files.results.exists(r, r.steps.look.score > 8)', because: "{{enrich.files.done}} of {{count enrich.files.items}}" }
  - { is: deep, if: 'enrich.files.results.exists(r, r.steps.deeper.results.exists(d, d.steps.inner.score > 9))' }
  - { is: ours, if: 'enrich.owner.answer == "ours" && has(enrich.news.event.alarm.id)' }
  - { is: benign }
respond:
  bad: [{ id: act, do: lab.mark, with: { host: h1 } }]
  deep: []
  ours: []
  benign: []
  unknown: [{ id: told, do: lab.tell, with: { to: soc, subject: "{{join verdict.missing}}" } }]
`,
  unfounded: `
enrich:
  only: { do: lab.look, with: {}, required: true }
respond:
  - { id: act, do: lab.mark, with: { host: h1 } }
`,
  loops: `
respond:
  - id: outer
    for_each: '["h1", "h2", "h3"]'
    as: host
    max: 3
    at_once: 2
    steps:
      - { id: list, do: lab.list, with: { host: "{{host}}" } }
      - { id: mark, if: host != "h1", do: lab.mark, with: { host: "{{host}}" }, on_error: continue }
      - { id: enough, if: 'host == "h2" && outcome.list.status == "unconfirmed"', stop: done, because: "{{host}} will do" }
  - { id: after_all, if: steps.outer.done > 0, do: lab.tell, with: { to: soc, subject: "{{steps.outer.done}} of {{count steps.outer.items}}" } }
finally:
  - id: last
    for_each: '["x", "y"]'
    as: word
    max: 2
    at_once: 2
    steps: [{ id: tell, do: lab.tell, with: { to: soc, subject: "{{word}}" } }]
`,
  nested: `
enrich:
  seen: { do: lab.look, with: {} }
respond:
  - id: outer
    for_each: '[["h1", "h2"], ["h3"], []]'
    as: hosts
    max: 3
    at_once: 2
    steps:
      - id: inner
        for_each: hosts
        as: host
        max: 2
        at_once: 2
        steps:
          - { id: mark, do: lab.mark, with: { host: "{{host}}" } }
          - { id: enough, if: outcome.mark.status == "unconfirmed", stop: done, because: "{{host}} of {{count hosts}}" }
        on_error: [{ id: mended, do: lab.tell, with: { to: soc, subject: "{{outcome.inner.reason}} of {{count hosts}}" } }]
      - { id: told, if: size(hosts) > 0, do: lab.tell, with: { to: soc, subject: "{{outcome.inner.status}} {{count hosts}}" } }
  - { id: last, do: lab.tell, with: { to: soc, subject: "{{steps.outer.done}} done" } }
`,
  calls: `
enrich:
  opinion: { call: other, with: { host: "{{event.host.name}}" } }
verdict:
  - { is: bad, if: enrich.opinion.found > 1 }
  - { is: benign }
respond:
  bad:
    - { id: contain, call: other, with: { host: h1 }, timeout: 1h, on_error: [{ id: trouble, do: lab.tell, with: { to: soc, subject: "{{outcome.contain.reason}}" } }] }
    - { id: back, undo: contain }
  benign: []
  unknown: []
`,
  emits: `
respond:
  - { id: spread, emit: local.spread, with: { level: 3, host: { name: "{{event.host.name}}" }, id: "{{event.alarm.id}}" } }
  - { id: act, if: outcome.spread.status == "done", do: lab.mark, with: { host: "{{steps.spread.id}}" } }
  - { id: again, emit: local.spread, with: { level: 4 }, on_error: continue }
finally:
  - { id: last, emit: local.spread, with: { level: 5 } }
`,
  choices: `
enrich:
  seen: { do: lab.look, with: {} }
respond:
  - id: which
    choose:
      - { if: enrich.seen.score > 7, then: [{ id: high, do: lab.isolate, with: { host: h1 } }] }
      - { if: enrich.seen.score > 3, then: [] }
      - { else: [{ id: low, do: lab.tell, with: { to: soc, subject: low } }] }
      - { undecided: [{ id: blind, do: lab.mark, with: { host: h1 }, on_error: continue }] }
  - id: strict
    choose: [{ if: enrich.seen.score > 100, then: [{ id: never, stop: failed }] }]
    on_error: [{ id: mended, do: lab.tell, with: { to: soc, subject: undecided } }]
  - { id: guarded, if: enrich.seen.score > 5, do: lab.press, with: { host: h1 }, on_error: continue }
  - { id: over, if: outcome.guarded.status == "failed", stop: failed, because: it did not go }
  - { id: back, undo: guarded, because: a drill }
  - { id: all_back, undo: run }
finally:
  - { id: note, do: lab.look, with: {} }
  - { do: lab.tell, with: { to: soc, subject: "{{run.status}}" } }
`,
  patience: `
respond:
  - id: question
    ask: "What now?"
    who: [leads, chiefs]
    except: eve
    people: 2
    within: 1h
    answers:
      go: { label: "Go", then: [{ id: go_on, wait: { for: 5m } }, { id: acted, do: lab.list, with: { host: h1 }, hold: { for: 1h, until: [{ event: lab.cleared, match: { alarm.id: "{{event.alarm.id}}" } }] } }] }
      stay: { label: "Stay", people: 1 }
    form: { kind: { type: choice, label: "Kind of {{event.host.name}}", options: [a, b], required: true }, note: { type: text, label: Note, max: 9 } }
    otherwise: [{ id: nobody, do: lab.tell, with: { to: soc, subject: nobody } }]
  - id: news
    wait: { event: lab.cleared, match: { alarm.id: "{{event.alarm.id}}" }, if: arrived.alarm.id != "x", within: 2h, since: run }
    otherwise: [{ id: no_news, do: lab.tell, with: { to: soc, subject: none } }]
  - { id: until, wait: { until: "{{event.time}}", within: 1d }, otherwise: [{ id: too_late, do: lab.tell, with: { to: soc, subject: late } }] }
  - { id: window, wait: { window: nights, within: 1d } }
  - { id: approved, do: lab.wipe, with: { host: h1 }, approve: { who: leads, within: 1h, otherwise: deny, if: 'outcome.question.status == "done"' }, retry: { times: 2, every: 1s, max: 5s }, timeout: 1m }
`,
  stops: `
enrich:
  seen: { do: lab.look, with: {} }
respond:
  - id: sweep
    for_each: enrich.seen.hosts
    as: host
    max: 4
    at_once: 3
    steps:
      - { id: enough, if: host == "stop", stop: failed, because: "at {{host}}" }
      - { id: mark, do: lab.mark, with: { host: "{{host}}" } }
      - { id: found, if: outcome.mark.status == "unconfirmed", stop: done }
    on_error: continue
  - { id: act, do: lab.list, with: { host: h1 } }
finally:
  - { do: lab.tell, with: { to: soc, subject: "{{run.status}}" } }
`,
  branches: `
enrich:
  seen: { do: lab.look, with: {} }
respond:
  - id: both
    parallel:
      one:
        - { id: first, do: lab.look, with: {} }
        - { id: second, if: steps.first.score > 3, do: lab.mark, with: { host: h1 } }
      two:
        - id: which
          choose:
            - { if: enrich.seen.score > 8, then: [{ id: enough, stop: done, because: that will do }] }
            - { else: [{ id: inner, parallel: { left: [{ id: l, do: lab.mark, with: { host: h2 } }], right: [] } }] }
          on_error: [{ id: blind, do: lab.tell, with: { to: soc, subject: blind } }]
      three:
        - id: sweep
          for_each: '["h3", "h4"]'
          as: host
          max: 2
          at_once: 2
          steps: [{ id: rounds, parallel: { inside: [{ id: swept, do: lab.mark, with: { host: "{{host}}" } }], outside: [{ id: told, do: lab.tell, with: { to: soc, subject: "{{host}}" } }] } }]
      four:
        - { id: lone, do: lab.mark, with: { host: h5 } }
        - { id: after, if: outcome.first.status == "done", do: lab.mark, with: { host: h6 } }
    on_error: [{ id: mended, do: lab.tell, with: { to: soc, subject: "{{outcome.both.reason}}" } }]
  - { id: last, if: outcome.lone.status == "done" && outcome.first.status == "done", do: lab.mark, with: { host: "h{{steps.first.score}}" } }
finally:
  - { id: end_both, parallel: { a: [{ id: a1, do: lab.look, with: {} }, { id: a2, do: lab.look, with: {} }], b: [{ id: b1, do: lab.tell, with: { to: soc, subject: x } }] } }
  - { id: very_last, do: lab.tell, with: { to: soc, subject: "{{run.status}}" } }
`,
  // Every word that the machine has for itself, as a step.
  names: `
enrich:
  waiting: { do: lab.look, with: {} }
  looking: { do: lab.look, with: {}, after: [waiting] }
  settled: { do: lab.look, with: {}, if: enrich.waiting.score > 0 }
respond:
  - { id: end, do: lab.mark, with: { host: h1 } }
  - { id: judge, do: lab.mark, with: { host: h2 } }
  - { id: respond, do: lab.mark, with: { host: h3 } }
  - id: failed
    for_each: '[1, 2]'
    as: number
    max: 2
    at_once: 2
    steps:
      - { id: round, do: lab.mark, with: { host: "r{{number}}" } }
      - { id: ended, do: lab.mark, with: { host: "e{{number}}" } }
  - { id: finally, do: lab.mark, with: { host: h4 }, on_error: [{ id: error, do: lab.tell, with: { to: soc, subject: x } }] }
  - id: looked
    parallel:
      failed: [{ id: respond_too, do: lab.look, with: {} }]
      looked: [{ id: failing, do: lab.look, with: {} }]
      begin: []
finally:
  - { id: test, do: lab.look, with: {} }
  - { id: begin, do: lab.look, with: {} }
`,
};

export const PLAYBOOKS: readonly { readonly name: string; readonly compiled: Compiled }[] = Object.entries(TEXTS).map(
  ([name, body]) => ({ name, compiled: compileText(playbookText(body, name)) }),
);

export function playbook(name: string): Compiled {
  const found = PLAYBOOKS.find(candidate => candidate.name === name);
  if (found === undefined) throw new Error(`no playbook ${name}`);
  return found.compiled;
}
