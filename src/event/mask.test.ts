import { expect, test } from 'vitest';
import { eventSchema } from './event.ts';
import { maskSensitive } from './mask.ts';

const LINE = 'powershell -enc c2VjcmV0';
const event = {
  id: '1',
  origin: 'edr',
  type: 'edr.alarm',
  time: '2026-01-01T00:00:00Z',
  process: { name: 'powershell.exe', command_line: LINE },
};

test('a sensitive text is masked in its field and wherever raw repeats it', () => {
  const raw = { cmdline: LINE, notes: [`ran ${LINE} twice`], name: 'powershell.exe' };
  expect(maskSensitive({ ...event, raw }, eventSchema())).toEqual({
    ...event,
    process: { name: 'powershell.exe', command_line: '[masked]' },
    raw: { cmdline: '[masked]', notes: ['ran [masked] twice'], name: 'powershell.exe' },
  });
});

test('what a type adds and marks is masked at any depth', () => {
  const schema = eventSchema({
    mail: {
      type: 'object',
      properties: { body: { 'x-sensitive': true, type: 'array', items: {} }, subject: { type: 'string' } },
    },
  });
  expect(
    maskSensitive({ ...event, mail: { subject: 'hi', body: ['dear', { html: '<b>dear</b>' }] } }, schema),
  ).toMatchObject({
    mail: { subject: 'hi', body: ['[masked]', { html: '[masked]' }] },
  });
});

test('what is not even an event is masked by the common fields', () => {
  expect(maskSensitive({ process: { command_line: LINE } })).toEqual({ process: { command_line: '[masked]' } });
  expect(maskSensitive('text')).toBe('text');
  expect(maskSensitive({ __proto__: null, host: { name: 'h1' } })).toEqual({ host: { name: 'h1' } });
});
