import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyFolder, write } from '../cli/kit.ts';
import type { Shown } from './blocks.ts';
import { blocksOf, fileOf, outputOf, shownIn, withOutputs } from './blocks.ts';
import { ROOT, pages } from './pages.ts';

/*
 * Each page of the guide begins in an empty folder and goes from block to block as its reader does: a block that
 * is a file is written, a command is run and prints what is shown. `UPDATE_GOLDEN=1` writes what is printed.
 */

const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const guide = pages().filter(({ file }) => file.startsWith('docs/guide/'));

describe.each(guide)('$file', ({ file, text }) => {
  test('whoever does what it says sees what it shows', async () => {
    const folder = emptyFolder();
    const seen: Shown[] = [];
    for (const block of blocksOf(text)) {
      const target = fileOf(block);
      if (target !== undefined) write(folder, target, block.text);
      if (block.language !== 'console') continue;
      const { command } = shownIn(block);
      seen.push({ command, output: await outputOf(command, folder) });
    }
    const page = withOutputs(text, seen);
    if (isUpdate) writeFileSync(join(ROOT, file), page);
    else expect(text).toBe(page);
  });
});

test('every case of the guide passes', () => {
  const shown = guide.flatMap(({ file }) => blocksOf(readFileSync(join(ROOT, file), 'utf8')));
  const played = shown.filter(({ text }) => text.startsWith('$ backline test'));
  expect(played.filter(({ text }) => /^ *FAIL /m.test(text))).toEqual([]);
});
