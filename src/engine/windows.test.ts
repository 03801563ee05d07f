import { expect, test } from 'vitest';
import { startOf } from '../base/span.ts';
import { openingOf } from './windows.ts';

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

const window = (from: string, to: string, more: { days?: readonly number[]; timezone?: string } = {}) => ({
  name: 'nights',
  days: EVERY_DAY,
  timezone: 'UTC',
  from: minutes(from),
  to: minutes(to),
  span: startOf('guardrails.yaml'),
  ...more,
});

function minutes(time: string): number {
  const [hours = '', rest = ''] = time.split(':');
  return Number(hours) * 60 + Number(rest);
}

test.each([
  ['before it opens', window('22:00', '23:00'), '2026-03-02T09:00:00Z', '2026-03-02T22:00:00Z'],
  ['while it is open', window('22:00', '23:00'), '2026-03-02T22:30:00Z', '2026-03-02T22:30:00Z'],
  ['as it closes', window('22:00', '23:00'), '2026-03-02T23:00:00Z', '2026-03-03T22:00:00Z'],
  ['past midnight', window('22:00', '04:00'), '2026-03-02T03:59:59Z', '2026-03-02T03:59:59Z'],
  [
    'past midnight of a day on which it opened',
    window('22:00', '04:00', { days: [0] }),
    '2026-03-02T03:00:00Z',
    '2026-03-02T03:00:00Z',
  ],
  [
    'past midnight of a day on which it did not',
    window('22:00', '04:00', { days: [1] }),
    '2026-03-02T03:00:00Z',
    '2026-03-02T22:00:00Z',
  ],
  ['a week away', window('22:00', '23:00', { days: [1] }), '2026-03-02T23:00:00Z', '2026-03-09T22:00:00Z'],
  ['that is the whole day', window('00:00', '00:00'), '2026-03-02T17:00:00Z', '2026-03-02T17:00:00Z'],
  [
    'elsewhere, in winter',
    window('22:00', '23:00', { timezone: 'Europe/Berlin' }),
    '2026-03-02T09:00:00Z',
    '2026-03-02T21:00:00Z',
  ],
  [
    'elsewhere, in summer',
    window('22:00', '23:00', { timezone: 'Europe/Berlin' }),
    '2026-07-02T09:00:00Z',
    '2026-07-02T20:00:00Z',
  ],
  [
    'where another day has begun',
    window('01:00', '02:00', { days: [2], timezone: 'Pacific/Auckland' }),
    '2026-03-02T11:30:00Z',
    '2026-03-02T12:00:00Z',
  ],
  [
    'at an hour that is skipped',
    window('02:30', '05:00', { timezone: 'Europe/Berlin' }),
    '2026-03-29T00:00:00Z',
    '2026-03-29T01:30:00Z',
  ],
  [
    'at an hour that comes twice',
    window('02:30', '05:00', { timezone: 'Europe/Berlin' }),
    '2026-10-25T00:00:00Z',
    '2026-10-25T00:30:00Z',
  ],
])('a window %s', (_, given, at, opens) => {
  expect(new Date(openingOf(given, Date.parse(at))).toISOString().replace('.000', '')).toBe(opens);
});
