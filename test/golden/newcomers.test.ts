import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogueOf } from '../../src/action/connector.ts';
import { PLAIN } from '../../src/cli/print/painter.ts';
import { printFindings } from '../../src/cli/print/findings.ts';
import { connectors } from '../../src/connectors/connectors.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';

// Playbooks as somebody writes them who comes from another tool. `UPDATE_GOLDEN=1` writes what is said anew; read it as
// that person would: does each message say what to do?

const FOLDER = new URL('./newcomers/', import.meta.url);
const NAMES = readdirSync(FOLDER)
  .filter(file => file.endsWith('.yaml'))
  .map(file => file.replace(/\.yaml$/, ''));

test.each(NAMES)('%s is met with what to do', name => {
  const file = `${name}.yaml`;
  const text = readFileSync(new URL(file, FOLDER), 'utf8');
  const { diagnostics } = loadPlaybook({ file, text }, catalogueOf(connectors));
  const printed = `${printFindings({ diagnostics, texts: new Map([[file, text]]) }, 'pretty', PLAIN)}\n`;
  const out = new URL(`${name}.out`, FOLDER);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(out, printed);
  expect(printed).toBe(existsSync(out) ? readFileSync(out, 'utf8') : '');
  expect(diagnostics).not.toEqual([]);
  // What follows from another mistake may be a bare fact.
  const helpless = diagnostics.filter(({ hint, message }) => hint === undefined && !message.includes('did you mean'));
  expect(helpless.filter(({ code }) => code !== 'out-of-scope' && code !== 'missing-key')).toEqual([]);
  expect(helpless.length).toBeLessThan(diagnostics.length);
});
