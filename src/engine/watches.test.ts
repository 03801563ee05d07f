import { expect, test } from 'vitest';
import type { CommandId, RunId } from '../base/ids.ts';
import type { Event } from '../event/event.ts';
import type { Watch } from './watches.ts';
import { Watches } from './watches.ts';

const EVENT: Event = { id: 'e', origin: 'lab', type: 'lab.cleared', time: '2026-01-01T00:00:00Z' };

function watchOf(command: string, holds: () => boolean, faults: unknown[] = []): Watch {
  const filter = { event: 'lab.cleared', if: 'true' };
  const fault = (each: unknown) => void faults.push(each);
  return {
    run: 'r' as RunId,
    command: command as CommandId,
    filter,
    params: {},
    lists: {},
    holds: async () => holds(),
    fault,
  };
}

test('a watch that cannot be evaluated keeps no other from hearing the event', async () => {
  const watches = new Watches();
  const faults: unknown[] = [];
  const broken = watchOf(
    'broken',
    () => {
      throw new TypeError('broken');
    },
    faults,
  );
  watches.add(broken);
  watches.add(watchOf('other', () => true));
  const inputs = await watches.inputsFor(EVENT, 0);
  expect(inputs.map(({ body }) => body)).toMatchObject([{ kind: 'arrived', command: 'other' }]);
  expect(faults).toHaveLength(1);
});

test('only those who came after are asked again, and nobody who has gone', async () => {
  const watches = new Watches();
  watches.add(watchOf('early', () => true));
  const known = watches.added;
  const remove = watches.add(watchOf('gone', () => true));
  watches.add(watchOf('late', () => true));
  remove();
  expect((await watches.inputsFor(EVENT, 0, known)).map(({ body }) => body)).toMatchObject([{ command: 'late' }]);
});
