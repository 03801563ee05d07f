// Where a secret gets into a text by mistake is what is tried here.
/* oxlint-disable typescript/restrict-template-expressions, typescript/restrict-plus-operands */
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { Secret } from './secret.ts';

const TEXT = 'hunter2-hunter2';
const secret = new Secret(TEXT);

test.each<[how: string, shown: () => string]>([
  ['as text', () => String(secret)],
  ['in a template', () => `${secret}`],
  ['joined to text', () => 'token ' + secret],
  ['in a list that is joined', () => [secret].join()],
  ['as JSON', () => JSON.stringify({ token: secret })],
  ['inspected', () => inspect({ token: secret }, { showHidden: true, depth: null })],
  ['inspected without its own word', () => inspect(secret, { customInspect: false, showHidden: true, getters: true })],
  ['formatted', () => format('%s %o %j %d', secret, secret, secret, secret)],
  ['in an error', () => String(new Error(`cannot sign in with ${secret}`, { cause: secret }).stack)],
  ['by its keys', () => JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret), { ...secret }])],
  ['cloned', () => inspect(structuredClone({ token: secret }), { showHidden: true })],
  ['serialised', () => serialize({ token: secret }).toString('latin1')],
])('a secret does not show %s', (_, shown) => {
  expect(shown()).not.toContain('hunter2');
});

test('only who asks for it gets it', () => {
  expect(secret.reveal()).toBe(TEXT);
});
