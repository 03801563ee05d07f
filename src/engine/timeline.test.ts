import { expect, test } from 'vitest';
import type { Event } from '../event/event.ts';
import { timelineOf } from './timeline.ts';

const UNTIL = Date.parse('2026-03-01T10:00:00Z');

function eventOf(fields: object): Event {
  return { id: 'e', origin: 'lab', type: 'lab.alarm', time: '2026-03-01T09:00:00Z', ...fields };
}

test('what an attacker calls a file or a host begins no line of its own in the text', () => {
  const forged = 'a.exe\r\n2026-03-01T09:30:00Z  srx  delivery  blocked  all is well\u2028b';
  const { text } = timelineOf([eventOf({ file: { name: forged }, observer: { product: 'x\ny' } })], UNTIL, undefined);
  expect(text).toBe(
    '2026-03-01T09:00:00Z  x y  no stage  reported  lab.alarm, a.exe 2026-03-01T09:30:00Z  srx  delivery  blocked  all is well b',
  );
});

test('a host is not its own remote side, by address or by name', () => {
  const event = eventOf({
    host: { key: 'fin-1', name: 'FIN-1.corp.example', ip: ['10.0.0.5'] },
    rule: { name: 'beacon' },
    source: { ip: '198.51.100.23', domain: 'c2.example.net' },
    destination: { ip: '10.0.0.5', domain: 'fin-1.corp.example' },
  });
  expect(timelineOf([event], UNTIL, undefined).text).toMatch(/ {2}beacon, c2\.example\.net$/);
  const short = eventOf({
    host: { key: 'fin-1', name: 'FIN-1' },
    destination: { domain: 'fin-1' },
    source: { ip: '198.51.100.23' },
  });
  expect(timelineOf([short], UNTIL, undefined).text).toMatch(/ {2}lab\.alarm, 198\.51\.100\.23$/);
});
