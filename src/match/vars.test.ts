import { expect, test } from 'vitest';
import type { Event } from '../event/event.ts';
import { startOf } from '../base/span.ts';
import { buildIndex, explain } from './match.ts';

const event = {
  id: '1',
  origin: 'cb',
  type: 'cb.alert',
  time: '2026-01-01T00:00:00Z',
  severity: 70,
} as unknown as Event;

test('the `if` of a trigger may name what `vars` names', () => {
  const entry = {
    id: 'a#0',
    event: 'cb.alert',
    if: { text: 'vars.serious && vars.limit == 60', span: startOf('a.yaml') },
    params: { sure: 60 },
    vars: { serious: { text: 'event.severity >= params.sure' }, limit: { json: 60 } },
    lists: {},
  };
  expect(buildIndex([entry]).matching(event)).toEqual([{ id: 'a#0', decided: true }]);
  expect(explain(entry, event).matched).toBe(true);
  expect(explain({ ...entry, vars: {} }, event).matched).toBe('undecided');
});
