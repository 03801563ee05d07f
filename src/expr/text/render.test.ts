import { describe, expect, it } from 'vitest';
import { absent, missingOf, namesOf, scopeOf, valueOf, variable } from '../test-scope.ts';
import { render } from './render.ts';
import { cpuTime } from '../../../test/kit/cpu.ts';

const scope = scopeOf({
  event: valueOf({
    id: '7c2e',
    severity: 50.6,
    count: 0,
    time: '2026-11-24T09:00:42.5+02:00',
    blocked: false,
    nothing: null,
    host: { name: 'FIN-WS-042', ip: ['10.0.0.1', '192.168.1.163'] },
    files: [
      { name: 'a.exe', size: 50_688, tags: ['x', 'y'] },
      { name: 'b.dll', size: 999, tags: [] },
    ],
    raw: { 'x-y': 'odd', '0': 'zero' },
  }),
  enrich: namesOf({ down: missingOf('enrich.down'), off: absent }),
  vars: namesOf({
    hot: variable('event.severity > 50'),
    names: variable('event.files.map(f, f.name)'),
    none: variable('1 / 0'),
  }),
});

const people = (text: string) => render(text, scope, 'people');
const machine = (text: string) => render(text, scope, 'machine');
const value = (json: unknown) => ({ kind: 'value', value: json });

describe('a text that is one expression keeps the type of its value', () => {
  it.each([
    ['{{event.severity}}', 50.6],
    ['{{event.host.ip}}', ['10.0.0.1', '192.168.1.163']],
    ['{{event.host}}', { name: 'FIN-WS-042', ip: ['10.0.0.1', '192.168.1.163'] }],
    ['{{event.blocked}}', false],
    ['{{event.host.ip}}\n', ['10.0.0.1', '192.168.1.163']],
    ['{{event.host.ip}}\r\n', ['10.0.0.1', '192.168.1.163']],
    ['{{! why }}{{event.severity}}', 50.6],
    ['{{~event.severity~}}', 50.6],
    ['{{vars.hot}}', true],
    ['{{vars.names}}', ['a.exe', 'b.dll']],
    ['{{count event.files}}', 2],
    ['{{now}}', '2026-11-24T09:00:00Z'],
    ['{{event.files.[1].name}}', 'b.dll'],
    ['{{event.raw.[x-y]}}', 'odd'],
    ['{{event.raw.[0]}}', 'zero'],
    [
      '{{default enrich.down.x event.files}}',
      [
        { name: 'a.exe', size: 50_688, tags: ['x', 'y'] },
        { name: 'b.dll', size: 999, tags: [] },
      ],
    ],
  ])('%j', (text, expected) => {
    expect(machine(text)).toEqual(value(expected));
    expect(people(text)).toEqual(value(expected));
  });

  it('is text when more white space than a final newline stands beside it', () => {
    expect(machine(' {{event.severity}}')).toEqual(value(' 50.6'));
    expect(machine('{{event.severity}}\n\n')).toEqual(value('50.6\n\n'));
    expect(machine('{{event.severity}}\n{{! alone }}\n\n')).toEqual(value('50.6\n\n'));
  });
});

describe('text', () => {
  it.each([
    ['no braces { at } all', 'no braces { at } all'],
    ['{{event.host.name}}: {{event.severity}} {{event.blocked}}', 'FIN-WS-042: 50.6 false'],
    ['{{#if vars.hot}}hot{{else}}cold{{/if}}!', 'hot!'],
    ['{{#if event.blocked}}a{{else if event.count}}b{{else}}c{{/if}}', 'c'],
    ['{{#unless event.blocked}}open{{/unless}}', 'open'],
    ['{{#if (is event.id "7c2e")}}same{{/if}}', 'same'],
    ['{{#if (is event.severity "50.6")}}same{{else}}other{{/if}}', 'other'],
    [
      '{{#each event.files}}{{@index}} {{this.name}} on {{event.host.name}};{{/each}}',
      '0 a.exe on FIN-WS-042;1 b.dll on FIN-WS-042;',
    ],
    ['{{#each event.host.ip}}{{this}} {{/each}}', '10.0.0.1 192.168.1.163 '],
    ['{{#each event.files}}{{#each this.tags}}{{this}}{{@index}}{{else}}-{{/each}}|{{/each}}', 'x0y1|-|'],
    ['{{#each event.files}}\n- {{this.name}}\n{{/each}}\nend', '- a.exe\n- b.dll\nend'],
    ['{{#each event.host.ip max=1}}\n- {{this}}\n{{/each}}\nend', '- 10.0.0.1\n… and 1 more\nend'],
    ['{{#each event.host.ip max=1}}{{this}}{{/each}}.', '10.0.0.1 … and 1 more.'],
    ['{{#each enrich.off.xs}}x{{else}}none{{/each}}', 'none'],
    ['\\{{event.id}}', '{{event.id}}'],
    ['<b>{{event.host.name}}</b> & "', '<b>FIN-WS-042</b> & "'],
    ['{{event.severity}} {{!-- not shown --}}.', '50.6 .'],
  ])('%j', (text, expected) => {
    expect(people(text)).toEqual(value(expected));
    expect(machine(text)).toEqual(value(expected));
  });
});

describe('helpers', () => {
  it.each([
    ['{{default event.nothing "none"}}.', 'none.'],
    ['{{default enrich.off event.id}}.', '7c2e.'],
    ['{{count event.files}} {{count enrich.off.xs}}', '2 0'],
    ['{{join event.host.ip}}.', '10.0.0.1, 192.168.1.163.'],
    ['{{join event.files "name"}}.', 'a.exe, b.dll.'],
    ['{{json event.host.ip}}.', '["10.0.0.1","192.168.1.163"].'],
    ['{{date event.time}} {{date now}}', '2026-11-24T07:00Z 2026-11-24T09:00Z'],
    [
      '{{bytes event.files.[0].size}} {{bytes event.files.[1].size}} {{bytes 1500000}} {{bytes 0}}',
      '51 KB 999 B 1.5 MB 0 B',
    ],
    ['{{lower event.host.name}} {{upper (lower event.host.name)}}', 'fin-ws-042 FIN-WS-042'],
    ['{{truncate event.host.name 5}}|{{truncate event.host.name 50}}', 'FIN-…|FIN-WS-042'],
    ['{{defang "http://evil.example/a"}} {{defang "HTTPS://x@y.z"}}', 'hxxp://evil[.]example/a hxxPS://x[@]y[.]z'],
  ])('%j', (text, expected) => expect(machine(text)).toEqual(value(expected)));
});

describe('what is not there', () => {
  it.each([
    ['{{enrich.down.x}}', 'missing', ['enrich.down']],
    ['{{event.user.name}}', 'absent', ['event.user.name']],
    ['a {{event.user.name}} {{event.nope}}', 'absent', ['event.user.name', 'event.nope']],
    ['a {{event.user.name}} {{enrich.down.x}}', 'missing', ['event.user.name', 'enrich.down']],
    ['a {{#if enrich.down.x}}b{{/if}}', 'missing', ['enrich.down']],
    ['a {{#each enrich.down.xs}}b{{/each}}', 'missing', ['enrich.down']],
    ['a {{lower enrich.off.x}}', 'absent', ['enrich.off.x']],
    ['a {{event.host}}', 'missing', ['event.host']],
    ['a {{event.host.ip}}', 'missing', ['event.host.ip']],
    ['a {{event.nothing}}', 'missing', ['event.nothing']],
    ['{{vars.none}}', 'missing', ['vars.none']],
    ['{{vars.unknown}}', 'missing', ['vars.unknown']],
    ['{{event.host.ip.[7]}}', 'absent', ['event.host.ip.7']],
    ['{{event.constructor}}', 'absent', ['event.constructor']],
    ['{{event.__proto__}}', 'absent', ['event.__proto__']],
    ['{{#each event.files}}{{this.nope}}{{/each}}', 'absent', ['this.nope']],
  ])('%j stops a machine: %s %j', (text, state, of) => {
    expect(machine(text)).toEqual({ kind: 'missing', of, state });
  });

  it.each([
    ['{{enrich.down.x}}', '(unknown)'],
    ['{{event.user.name}} was here', '(unknown) was here'],
    ['{{#if enrich.down.x}}yes{{else}}no{{/if}}', 'no'],
    ['{{#each enrich.down.xs}}x{{else}}none{{/each}}', 'none'],
    ['on: {{#each enrich.down.xs}}x{{/each}}', 'on: (unknown)'],
    ['on: {{#each enrich.off.xs}}x{{/each}}', 'on: '],
    ['{{join enrich.down.xs}}.', '(unknown).'],
    ['{{event.nothing}}', '(unknown)'],
    ['in {{event.host}}', 'in {"name":"FIN-WS-042","ip":["10.0.0.1","192.168.1.163"]}'],
    ['{{date event.id}}.', '(unknown).'],
  ])('%j reads %j for people', (text, expected) => expect(people(text)).toEqual(value(expected)));

  it('asks with #if whether something absent is there, for machines too', () => {
    expect(machine('{{#if event.user.name}}{{event.user.name}}{{else}}nobody{{/if}}')).toEqual(value('nobody'));
  });

  it('is left out where it is optional and alone', () => {
    for (const text of ['{{optional enrich.down.x}}', '{{optional enrich.off}}', '{{optional event.nothing}}\n']) {
      expect(machine(text)).toEqual({ kind: 'left-out' });
      expect(people(text)).toEqual({ kind: 'left-out' });
    }
    expect(machine('{{optional event.host.ip}}')).toEqual(value(['10.0.0.1', '192.168.1.163']));
  });
});

describe('what is not Handlebars of ours', () => {
  it.each([
    '{{{event.id}}}',
    '{{> x}}',
    '{{lookup event "id"}}',
    '{{#with event}}{{id}}{{/with}}',
    '{{',
    '{{#if x}}',
    '{{../x}}',
  ])('%j is not rendered at all', text => {
    expect(people(text)).toEqual(value('(unknown)'));
    expect(machine(text)).toMatchObject({ kind: 'missing', state: 'missing' });
  });
});

describe('budgets', () => {
  const many = scopeOf({
    event: valueOf({ xs: Array.from({ length: 20_000 }, (_, n) => n), long: 'x'.repeat(100_000) }),
  });

  it('stop after 256 KiB of text', () => {
    const text = '{{event.long}} {{event.long}} {{event.long}}';
    const rendered = render(text, many, 'people');
    expect(rendered).toMatchObject({ kind: 'value' });
    expect(JSON.stringify(rendered).length).toBeLessThan(263_000);
    expect(render(text, many, 'machine')).toEqual({ kind: 'missing', of: ['(a shorter text)'], state: 'missing' });
  });

  it('stop after 10,000 rounds, of all loops together', () => {
    const text = '{{#each event.xs max=200}}{{#each event.xs max=200}}{{/each}}{{/each}}';
    expect(render(text, many, 'machine')).toMatchObject({ kind: 'missing' });
    expect(render('{{#each event.xs max=9000}}{{/each}}', many, 'machine')).toMatchObject({ kind: 'value' });
  });

  it('let helpers do only so much work', () => {
    const text = '{{#each event.xs max=9000}}{{#if (is (lower event.long) "a")}}{{/if}}{{/each}}';
    const spent = cpuTime(() => {
      render(text, many, 'people');
    });
    expect(spent).toBeLessThan(1_000);
  });
});
