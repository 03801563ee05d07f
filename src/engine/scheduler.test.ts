import { beforeEach, expect, test } from 'vitest';
import type { RunId } from '../base/ids.ts';
import { Scheduler } from './scheduler.ts';

let scheduler: Scheduler;
let begun: string[];
let left: string[];

beforeEach(() => {
  scheduler = new Scheduler({ runs: 3, runsPerPlaybook: 2 });
  begun = [];
  left = [];
});

/** `a1` is a run of playbook `a`. */
function enqueue(id: string, lock?: string): void {
  scheduler.enqueue({
    id: id as RunId,
    playbook: id.slice(0, 1),
    ...(lock === undefined ? {} : { lock }),
    begin: () => void begun.push(id),
    leave: () => void left.push(id),
  });
}

function run(id: string, state: 'open' | 'parked' | 'ended', lock?: string) {
  const birth = { facts: { playbook: id.slice(0, 1) }, ...(lock === undefined ? {} : { lock }) };
  const status = state === 'ended' ? ('done' as const) : ('open' as const);
  return { id: id as RunId, birth, status, isEnded: state === 'ended', isParked: state !== 'open' };
}

test('bounded in all and for each playbook; who parks or ends makes room', () => {
  for (const id of ['a1', 'a2', 'a3', 'b1', 'b2']) enqueue(id);
  expect(begun).toEqual(['a1', 'a2', 'b1']);
  expect([scheduler.busy, scheduler.waiting]).toEqual([3, 2]);
  scheduler.moved(run('a1', 'parked'));
  expect(begun.slice(3)).toEqual(['a3']);
  scheduler.moved(run('a2', 'ended'));
  expect(begun.slice(4)).toEqual(['b2']);
  scheduler.moved(run('a1', 'open'));
  expect([scheduler.busy, scheduler.waiting]).toEqual([4, 0]);
  expect(left).toEqual(begun);
});

test('fair between playbooks: the least recently served comes next', () => {
  for (const id of ['a1', 'a2', 'b1', 'a3', 'a4', 'a5', 'b2', 'c1']) enqueue(id);
  expect(begun).toEqual(['a1', 'a2', 'b1']);
  for (const id of ['a1', 'a2', 'b1']) scheduler.moved(run(id, 'ended'));
  expect(begun.slice(3, 6).toSorted()).toEqual(['a3', 'b2', 'c1']);
});

test('a lock has one holder until its run has ended, and the first accepted is the next, of whatever playbook', () => {
  enqueue('a1', 'host:h');
  enqueue('b1', 'host:h');
  enqueue('a2', 'host:h');
  enqueue('a3', 'host:other');
  expect(begun).toEqual(['a1', 'a3']);
  scheduler.moved(run('a1', 'parked', 'host:h'));
  expect(begun).toEqual(['a1', 'a3']);
  scheduler.moved(run('a1', 'ended', 'host:h'));
  expect(begun).toEqual(['a1', 'a3', 'b1']);
  scheduler.moved(run('b1', 'ended', 'host:h'));
  expect(begun).toEqual(['a1', 'a3', 'b1', 'a2']);
});

test('who ends while it waits leaves the line, and holds up nobody behind it', () => {
  enqueue('a1', 'host:h');
  enqueue('b1', 'host:h');
  enqueue('c1', 'host:h');
  scheduler.moved(run('b1', 'ended', 'host:h'));
  expect(left).toEqual(['a1', 'b1']);
  scheduler.moved(run('a1', 'ended', 'host:h'));
  expect(begun).toEqual(['a1', 'c1']);
  expect([scheduler.busy, scheduler.waiting]).toEqual([1, 0]);
});

test('a run from before a restart holds its lock', () => {
  scheduler.adopt(run('a1', 'parked', 'host:h'));
  enqueue('b1', 'host:h');
  expect(begun).toEqual([]);
  scheduler.moved(run('a1', 'ended', 'host:h'));
  expect(begun).toEqual(['b1']);
});
