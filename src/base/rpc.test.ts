import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorsOf, rpcEffect } from './rpc.ts';
import { element } from './xml.ts';
import { parseXml } from './xml-parse.ts';

test.each([
  [element('get'), 'read'],
  [element('get-config'), 'read'],
  [element('get-configuration'), 'read'],
  [element('get-commit-information'), 'read'],
  [element('command', 'show version'), 'change'],
  [element('getaway'), 'change'],
  [element('get-Config'), 'change'],
  [element('request-reboot'), 'change'],
  [element('edit-config'), 'change'],
  [element('commit'), 'change'],
  [element('commit-configuration'), 'change'],
  [element('commit-configuration', element('confirmed')), 'change'],
  [element('commit-configuration', element('log', 'check')), 'change'],
  [element('commit-configuration', element('check')), 'stage'],
  [element('load-configuration'), 'stage'],
])('%j is a %s', (rpc, effect) => {
  expect(rpcEffect(rpc)).toBe(effect);
});

const RECORDED = join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'juniper');
function recorded(file: string) {
  return parseXml(readFileSync(join(RECORDED, file), 'utf8'));
}

test('recorded warnings are no errors, with `ok` beside them', () => {
  expect(errorsOf(recorded('netconf_warnings/02_load_two_statement_not_found.xml'))).toEqual([]);
});

test('recorded errors of a load and of a commit are found', () => {
  expect(errorsOf(recorded('netconf_errors/02_load-configuration-error.xml'))).toEqual([
    { tag: '', message: 'syntax error', about: 'system1' },
    { tag: '', message: 'error recovery ignores input until this point', about: '}' },
  ]);
  expect(errorsOf(recorded('netconf_errors/04_commit-error.xml'))).toMatchObject([
    { tag: 'operation-failed', message: "interface-range 'axp' is not defined" },
    { message: 'interface-ranges expansion failed' },
  ]);
});

test('an error beside `ok` is an error, also in the older form; one in a configuration is a statement', () => {
  const older =
    '<commit-results><xnm:error xmlns:xnm="x"><message>configuration check-out failed</message></xnm:error><ok/></commit-results>';
  expect(errorsOf(parseXml(`<rpc-reply>${older}</rpc-reply>`))).toMatchObject([
    { message: 'configuration check-out failed' },
  ]);
  const statement = '<configuration><system><error><message>x</message></error><rpc-error/></system></configuration>';
  expect(errorsOf(parseXml(`<rpc-reply>${statement}</rpc-reply>`))).toEqual([]);
});
