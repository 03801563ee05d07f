import { describe, expect, it } from 'vitest';
import { typed, typeNames, typeScopeOf, variable } from '../test-scope.ts';
import { checkTemplate } from './check.ts';
import type { Sink } from './render.ts';

const text = { type: 'string' } as const;
const scope = typeScopeOf(
  {
    event: typed({
      type: 'object',
      required: ['id', 'time', 'files'],
      properties: {
        id: text,
        time: text,
        host: { type: 'object', properties: { name: text, ip: { type: 'array', items: text } } },
        files: {
          type: 'array',
          items: { type: 'object', required: ['name'], properties: { name: text, size: { type: 'integer' } } },
        },
        raw: { type: 'object' },
      },
    }),
    enrich: typeNames({
      file: typed(
        { type: 'object', required: ['score'], properties: { score: { type: 'integer' } } },
        'maybe-missing',
        'it can fail',
      ),
    }),
    vars: typeNames({ names: variable('event.files.map(f, f.name)'), hot: variable('enrich.file.score > 8') }),
  },
  { elsewhere: new Map([['steps', 'no step has run yet']]) },
);

function problems(template: string, sink: Sink = 'people'): string[] {
  return checkTemplate(template, scope, sink).problems.map(
    ({ code, start, end, message, hint }) =>
      `${code} [${template.slice(start, end)}] ${message}${hint === undefined ? '' : ` = ${hint}`}`,
  );
}

describe('each problem has its place, its words and its hint', () => {
  it.each([
    [
      'x {{event.host.nam}}',
      'unknown-reference [nam] event.host.nam: no such field; did you mean "name"? = fields: name (text), ip (list)',
    ],
    [
      'x {{evnt.id}}',
      'unknown-reference [evnt] evnt: no such name; did you mean "event"? = names: event, enrich, vars',
    ],
    ['x {{steps.block.id}}', 'out-of-scope [steps] steps is not here: no step has run yet'],
    [
      'x {{host.name}}',
      'bare-name [host] host.name: no such name; fields are written from their root = write event.host.name',
    ],
    [
      '{{#each event.files}}{{name}}{{/each}}',
      'bare-name [name] name: no such name; fields are written from their root = write this.name',
    ],
    [
      '{{#each event.files}}{{this.nam}}{{/each}}',
      'unknown-reference [nam] this.nam: no such field; did you mean "name"? = fields: name (text), size (whole number)',
    ],
    [
      'x {{hostname}}',
      'bare-name [hostname] hostname: no such name; fields are written from their root = names: event, enrich, vars',
    ],
    [
      'x {{event.host.ip}}',
      'list-in-text [event.host.ip] a list cannot stand in text = write {{join …}}, {{count …}} or {{#each …}}',
    ],
    [
      'x {{event.host}}',
      'list-in-text [event.host] an object cannot stand in text = name one of its fields, or write {{json …}}',
    ],
    [
      'x {{vars.names}}',
      'list-in-text [vars.names] a list cannot stand in text = write {{join …}}, {{count …}} or {{#each …}}',
    ],
    [
      ' {{event.id}}',
      'surrounding-space [ {{event.id}}] white space beside the one expression makes text of its value = write "{{event.id}}"',
    ],
    ['${{event.id}}', 'foreign-template [${{] "${{" is written "{{" here, the "$" would stay = write {{ without $'],
    [
      'x {{{event.id}}}',
      'not-allowed [{{{event.id}}}] no triple braces: nothing is escaped here, so two are enough = write {{ }}',
    ],
    [
      'x {{&event.id}}',
      'not-allowed [{{&event.id}}] no triple braces: nothing is escaped here, so two are enough = write {{ }}',
    ],
    [
      'x {{> part}}',
      'not-allowed [{{> part}}] there are no partials = use `call` to share steps, and `vars` to share expressions',
    ],
    [
      '{{#> part}}x{{/part}}',
      'not-allowed [{{#> part}}x{{/part}}] there are no partials = use `call` to share steps, and `vars` to share expressions',
    ],
    ['x {{* deco}}', 'not-allowed [{{* deco}}] there are no decorators'],
    ['x {{lookup event "id"}}', 'not-allowed [lookup] there is no "lookup"'],
    [
      '{{#with event}}{{/with}}',
      'not-allowed [{{#with event}}{{/with}}] there is no block "with" = blocks are #if, #unless and #each',
    ],
    [
      '{{#event}}x{{/event}}',
      'not-allowed [{{#event}}x{{/event}}] there is no block "event" = blocks are #if, #unless and #each',
    ],
    [
      '{{{{raw}}}}x{{{{/raw}}}}',
      'not-allowed [{{{{raw}}}}x{{{{/raw}}}}] there is no block "raw" = blocks are #if, #unless and #each',
    ],
    ['{{^if event.id}}x{{/if}}', 'not-allowed [{{^if event.id}}x{{/if}}] no inverted blocks = write {{#unless}}'],
    [
      '{{#each event.files}}{{../event.id}}{{/each}}',
      'not-allowed [../event.id] no "../": roots are visible everywhere by their names',
    ],
    [
      '{{#each event.files as |f|}}x{{/each}}',
      'not-allowed [{{#each event.files as |f|}}x{{/each}}] no names for items = the item is `this`',
    ],
    ['x {{@root.event.id}}', 'not-allowed [@root.event.id] no "@root.event.id" here = only @index exists, in #each'],
    ['x {{@index}}', 'not-allowed [@index] no "@index" here = it counts the rounds of #each'],
    ['x {{this.id}}', 'not-allowed [this.id] "this" is the item of #each, and here is none'],
    ['x {{./id}}', 'not-allowed [./id] no "." for the item = write this.id'],
    ['{{#each event.files}}{{json .}}{{/each}}', 'not-allowed [.] no "." for the item = write this'],
    ['x {{"event.id"}}', 'not-allowed [{{"event.id"}}] a literal needs no braces'],
    ['x {{true}}', 'not-allowed [{{true}}] a literal needs no braces'],
    ['x {{lower event.id strict=true}}', 'not-allowed [strict=true] lower has no options'],
    ['{{#each event.files max=event.id}}x{{/each}}', 'not-allowed [max=event.id] max is a whole number, written out'],
    [
      'x {{optional event.id}}',
      'not-allowed [optional event.id] optional stands alone in a value, for it leaves the input out = in text write {{#if x}}{{x}}{{/if}}',
    ],
    [
      'x {{dat event.time}}',
      'unknown-function [dat] no helper "dat"; did you mean "date"? = helpers: default, optional, count, join, json, date, bytes, lower, upper, truncate, defang, is',
    ],
    [
      'x {{date}}',
      'bare-name [date] date: no such name; fields are written from their root = names: event, enrich, vars',
    ],
    [
      'x {{count event.id}}',
      'type-mismatch [event.id] count needs a list or an object, this is text = it is {{count xs}}',
    ],
    [
      'x {{join event.files "nam"}}',
      'unknown-reference ["nam"] nam: its items have no such field; did you mean "name"? = fields: name (text), size (whole number)',
    ],
    ['{{#each event.id}}x{{/each}}', 'type-mismatch [event.id] #each goes over a list, this is text'],
    ['{{#if (is event.id 3)}}x{{/if}}', 'type-mismatch [is event.id 3] never equal: text and a whole number'],
    [
      '{{#if event.id "x"}}x{{/if}}',
      'not-allowed [{{#if event.id "x"}}x{{/if}}] #if takes one value = compare with (is a b); name more in `vars`',
    ],
    ['x {{lower}} {{lower event.id event.id}}', 'not-allowed [{{lower event.id event.id}}] lower takes 1 value'],
    [
      'x {{event.files[0].name}}',
      'syntax [f] not a template: this cannot stand in {{ }} = a list position is written xs.[0]',
    ],
    [
      'x {{event.id == "a"}}',
      'syntax [=] not a template: this cannot stand in {{ }} = comparisons and logic are expressions: name them in `vars`',
    ],
    ['x {{#if event.id}}', 'syntax [] a block or an expression is not closed'],
    ['x\n{{#if event.id}}{{/each}}', 'syntax [i] {{#if}} is closed by {{/each}}'],
  ])('%j', (template, expected) => {
    expect(problems(template)).toContain(expected);
  });

  it('says in the right line where a later mistake is', () => {
    expect(problems('a\r\nb {{event.id}}\n\n{{#if event.id}}\n  {{event.nope}}{{/if}}')).toEqual([
      'unknown-reference [nope] event.nope: no such field = fields: id (text), time (text), host (object), files (list), raw (object)',
    ]);
  });
});

describe('text for machines', () => {
  it.each([
    ['{{event.host.name}}', true],
    ['x {{event.host.name}}', true],
    ['{{enrich.file.score}}', true],
    ['x {{vars.hot}}', true],
    ['x {{event.raw.anything}}', true],
    ['x {{lower event.host.name}}', true],
    ['{{#if enrich.file.score}}x{{/if}}', true],
    ['{{event.id}}', false],
    ['{{default event.host.name "x"}}', false],
    ['{{default event.host.name enrich.file.score}}', true],
    ['{{optional event.host.name}}', false],
    ['{{#if event.host.name}}{{event.host.name}}{{/if}}', false],
    ['{{#unless event.host.name}}x{{else}}{{event.host.name}}{{/unless}}', false],
    ['{{#if event.host.name}}x{{else}}{{event.host.name}}{{/if}}', true],
    ['{{#each event.host.ip}}{{this}}{{/each}}', false],
    ['{{#each event.files}}{{this.size}}{{/each}}', true],
    ['{{#each event.files}}{{#if this.size}}{{this.size}}{{/if}}{{/each}}', false],
    ['x {{count event.host.ip}}', false],
  ])('%j may lack something: %s', (template, expected) => {
    expect(checkTemplate(template, scope, 'machine').problems.some(({ code }) => code === 'maybe-missing')).toBe(
      expected,
    );
    expect(checkTemplate(template, scope, 'people').problems).toEqual([]);
  });
});

describe('what a text will be', () => {
  it.each([
    ['{{event.host.ip}}', true, { type: 'array', items: text }, 'maybe-absent'],
    ['{{event.host.ip}}\n', true, { type: 'array', items: text }, 'maybe-absent'],
    ['{{optional event.host.name}}', true, text, 'maybe-absent'],
    ['{{count event.files}}', true, { type: 'integer' }, 'certain'],
    ['{{vars.names}}', true, { type: 'array', items: text }, 'certain'],
    ['x {{event.host.name}}', false, text, 'maybe-absent'],
    ['x {{enrich.file.score}}', false, text, 'maybe-missing'],
    ['plain', false, text, 'certain'],
  ])('%j', (template, lone, schema, presence) => {
    expect(checkTemplate(template, scope, 'machine')).toMatchObject({ lone, schema, presence });
  });
});
