import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/clock.ts';
import { Activity } from './activity.ts';
import { Lanes, Slots } from './lanes.ts';

test('a lane has one at a time, first come first served', async () => {
  const lanes = new Lanes(new Activity(new SimulatedClock(0)));
  const order: string[] = [];
  const visit = async (name: string): Promise<void> => {
    const leave = await lanes.enter('host');
    order.push(`${name} in`);
    await Promise.resolve();
    order.push(`${name} out`);
    leave();
  };
  await Promise.all([visit('a'), visit('b'), visit('c')]);
  expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
});

test('whoever wants several lanes gets them, whatever others want: nobody waits for ever, nobody overlaps', async () => {
  const wishes = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(wishes, async all => {
      const lanes = new Lanes(new Activity(new SimulatedClock(0)));
      const inside = new Map<string, number>();
      const visit = async (keys: readonly string[]): Promise<void> => {
        const leave = await lanes.enterAll(keys);
        const mine = [...new Set(keys)];
        for (const key of mine) inside.set(key, (inside.get(key) ?? 0) + 1);
        expect(mine.map(key => inside.get(key))).toEqual(mine.map(() => 1));
        await Promise.resolve();
        for (const key of mine) inside.set(key, 0);
        leave();
      };
      await Promise.all(all.map(visit));
    }),
  );
});

test('no more than so many places are taken at once, and one that is given back twice is one', async () => {
  const slots = new Slots(new Activity(new SimulatedClock(0)), 2);
  const [first] = [await slots.take(), await slots.take()];
  let isIn = false;
  const third = slots.take().then(leave => {
    isIn = true;
    return leave;
  });
  await Promise.resolve();
  expect(isIn).toBe(false);
  first();
  first();
  await third;
  let isFourthIn = false;
  void slots.take().then(() => (isFourthIn = true));
  await new Promise(resolve => setImmediate(resolve));
  expect([isIn, isFourthIn]).toEqual([true, false]);
});
