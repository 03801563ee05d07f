import { expect, test } from 'vitest';
import { Secret } from '../base/secret.ts';
import type { LogOptions } from './log.ts';
import { createLog } from './log.ts';

function logged(options: LogOptions, facts: object, isTTY = false): string {
  const lines: string[] = [];
  createLog(options, { isTTY, write: line => lines.push(line) }).warn(facts, 'action will be retried');
  return lines.join('');
}

test('a line is JSON with the time, the sentence and its facts', () => {
  const line = JSON.parse(logged({ level: 'info' }, { run: 'r1', reason: 'timeout' })) as unknown;
  expect(line).toEqual({
    level: 40,
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    message: 'action will be retried',
    run: 'r1',
    reason: 'timeout',
  });
});

test('on a terminal it is text', () => {
  expect(logged({ level: 'info' }, { run: 'r1', detail: 'no answer' }, true)).toMatch(
    /^\S+Z warn {2}action will be retried {2}run=r1 {2}detail="no answer"\n$/,
  );
});

test('text from outside cannot move the cursor', () => {
  expect(logged({ level: 'info', format: 'text' }, { host: '\u001b[2J\u202e\n' })).toContain(
    'host="\\u001b[2J\\u202e\\n"',
  );
});

test('a fault is logged with its stack, and a secret as its mask (E10)', () => {
  const facts = {
    err: new Error('broken', { cause: new Error('because') }),
    token: new Secret('c0ffee'),
    deep: { token: new Secret('c0ffee') },
  };
  for (const format of ['json', 'text'] as const) {
    const line = logged({ level: 'info', format }, facts);
    expect(line).toContain('broken');
    expect(line).toContain('because');
    expect(line).toContain('[secret]');
    expect(line).not.toContain('c0ffee');
  }
});

test('what is below the level is not written', () => {
  expect(logged({ level: 'error' }, {})).toBe('');
});
