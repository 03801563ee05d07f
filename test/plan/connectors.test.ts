import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './shipped.ts';

// With live reads a plan must have the network, so a connector that went around its `http` could use it. None that ships can.

const FOLDER = join(ROOT, 'src', 'connectors');
/** Functions of their arguments, whoever exports them. */
const PURE = new Set(['isIP', 'isIPv4', 'createHash', 'createHmac', 'inflateRawSync']);

const sources = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts') && !/\.test\.ts$|simulator/.test(file))
  .map(file => ({ file, text: readFileSync(join(FOLDER, file), 'utf8') }));

test.each(sources)('$file reaches products only through the http that it is handed', ({ text }) => {
  const reached = [...text.matchAll(/^import (?!type)\{?([^}]*?)\}? from '([^.'][^']*)'/gm)].flatMap(([, names = '']) =>
    names.split(',').map(name => name.trim()),
  );
  expect(reached.filter(name => !PURE.has(name))).toEqual([]);
  expect(text).not.toMatch(
    /(?<![/'-]|event\.)\b(?:fetch|globalThis|process|require|WebSocket|EventSource)\b\s*[(.[]|\bimport\(/,
  );
});
