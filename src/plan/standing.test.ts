import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Action } from '../action/action.ts';
import { catalogueOf } from '../action/connector.ts';
import { connectors } from '../connectors/connectors.ts';
import { Standings } from './standing.ts';

const { actions } = catalogueOf(connectors);
const add = actions.get('skyatp.add-infected-host') as Action;
const remove = actions.get('skyatp.remove-infected-host') as Action;
const send = actions.get('notify.send') as Action;
const host = { ip: '10.0.0.5' };

test('nothing stands in a product that nobody has touched', () => {
  expect(new Standings().of(add, host)).toEqual({ stands: false, summary: 'not in place' });
});

test('what was so before stands', () => {
  const standings = new Standings();
  standings.put(add, host);
  expect(standings.of(add, host)).toEqual({ stands: true, summary: 'in place' });
  expect(standings.of(add, { ip: '10.0.0.6' }).stands).toBe(false);
});

test('an action and its inverse never stand together', () => {
  const standings = new Standings();
  standings.performed(remove, host);
  standings.performed(add, host);
  expect([standings.of(add, host).stands, standings.of(remove, host).stands]).toEqual([true, false]);
});

test('after any sequence an action stands exactly if it, and not its inverse, came last', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('add', 'remove'), { minLength: 1 }), sequence => {
      const standings = new Standings();
      for (const word of sequence) standings.performed(word === 'add' ? add : remove, host);
      const last = sequence.at(-1);
      expect(standings.of(add, host).stands).toBe(last === 'add');
      expect(standings.of(remove, host).stands).toBe(last === 'remove');
    }),
  );
});

test('what has no target is told apart by its whole input', () => {
  const standings = new Standings();
  standings.performed(send, { to: 'soc', subject: 'a' });
  expect(standings.of(send, { subject: 'a', to: 'soc' }).stands).toBe(true);
  expect(standings.of(send, { to: 'soc', subject: 'b' }).stands).toBe(false);
});
