import { describe, expect, test } from 'vitest';
import type { Event } from '../../../src/event/event.ts';
import type { OpenStore } from './kit.ts';
import { acceptedOf, benchFor, eventOf } from './kit.ts';

export function describeTimeline(open: OpenStore): void {
  describe('the timeline of a host', () => {
    const bench = benchFor(open);
    const at = (minute: number) => Date.parse('2026-11-24T09:00:00Z') + minute * 60_000;
    const event = (id: string, minute: number, more: Partial<Event> = {}): Event => ({
      ...eventOf(id, { host: 'h1' }),
      time: new Date(at(minute)).toISOString(),
      ...more,
    });

    test('is what was reported of it within the time, by the time of the events, the newest first', async () => {
      const { store } = bench;
      const events = [
        event('e1', 5),
        event('e2', 3),
        event('e3', 5),
        event('e4', 9),
        event('e5', 4, { host: { key: 'h2' } }),
        event('e6', 4, { type: 'backline.run-failed' }),
        { ...event('e7', 4), host: {} },
        event('e8', 1),
      ];
      await store.accept({ events: events.map(each => acceptedOf(each.id, { event: each })), rejected: [] });
      const ids = async (since: number, until: number, limit = 10) =>
        (await store.query.timeline({ hosts: ['h1'], since: at(since), until: at(until), limit })).map(({ id }) => id);
      expect(await ids(0, 10)).toEqual(['e4', 'e3', 'e1', 'e2', 'e8']);
      expect(await ids(3, 5)).toEqual(['e3', 'e1', 'e2']);
      expect(await ids(0, 10, 2)).toEqual(['e4', 'e3']);
      const both = { hosts: ['h1', 'h2'], since: at(4), until: at(9), limit: 3 };
      expect((await store.query.timeline(both)).map(({ id }) => id)).toEqual(['e4', 'e3', 'e1']);
      expect((await store.query.timeline({ ...both, limit: 9 })).map(({ id }) => id)).toEqual(['e4', 'e3', 'e1', 'e5']);
      expect(await store.query.timeline({ hosts: ['h3'], since: 0, until: at(10), limit: 10 })).toEqual([]);
    });
  });
}
