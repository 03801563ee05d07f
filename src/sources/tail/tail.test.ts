import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { syslogReader } from '../../event/generic-readers.ts';
import { SourceBench } from '../../../test/kit/source-bench.ts';
import type { TailOptions } from './tail.ts';
import { Tail } from './tail.ts';

async function follow(more: Partial<TailOptions> = {}, given?: { bench: SourceBench; path: string }) {
  const bench = given?.bench ?? (await SourceBench.open());
  const path = given?.path ?? join(mkdtempSync(join(tmpdir(), 'tail-')), 'app.log');
  if (given === undefined) onTestFinished(() => rmSync(join(path, '..'), { recursive: true }));
  const inlet = bench.inlet({ name: 'file.app', readers: [syslogReader] });
  const tail = new Tail({ path, every: 1_000, longest: 100, start: 'beginning', ...more }, inlet, bench.world);
  onTestFinished(() => tail.stop());
  /** Looks until so many lines were taken in all. */
  const taken = (count: number): Promise<void> =>
    bench.untilAsync(async () => {
      bench.passTime();
      return inlet.counts.accepted + inlet.counts.rejected === count;
    });
  return { bench, path, inlet, tail, taken };
}

test('a line is taken when its end is there, and what is too long is a dead letter once', async () => {
  const { bench, path, inlet, tail, taken } = await follow();
  writeFileSync(path, `one\ntw`);
  await tail.start();
  await taken(1);
  appendFileSync(path, `o\n${'x'.repeat(400_000)}`);
  await taken(3);
  appendFileSync(path, 'x\nthree\n');
  await taken(4);
  expect(inlet.counts).toMatchObject({ accepted: 3, rejected: 1 });
  expect(await bench.rejected()).toMatchObject([{ reason: 'the line is longer than 100 bytes' }]);
});

test('while the disk takes nothing the place does not move; a restart goes on from it', async () => {
  const first = await follow();
  const { bench, path } = first;
  writeFileSync(path, 'one\n');
  await first.tail.start();
  await first.taken(1);
  bench.breakDisk();
  appendFileSync(path, 'two\n');
  await bench.untilAsync(async () => {
    bench.passTime();
    return first.inlet.trouble !== undefined;
  });
  await first.tail.stop();
  bench.mendDisk();
  const second = await follow({}, { bench, path });
  await second.tail.start();
  await second.taken(1);
  expect(second.inlet.counts).toMatchObject({ accepted: 1, duplicates: 0 });
});

test('a file that is renamed is read to its end, one that is cut off from its beginning', async () => {
  const { path, inlet, tail, taken } = await follow();
  writeFileSync(path, 'one\n');
  await tail.start();
  await taken(1);
  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, 'late\nwithout an end');
  writeFileSync(path, 'two\n');
  await taken(4);
  truncateSync(path, 0);
  writeFileSync(path, 'a\n');
  await taken(5);
  expect(inlet.counts).toMatchObject({ accepted: 5, duplicates: 0 });
});
