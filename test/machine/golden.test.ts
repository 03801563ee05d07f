import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildMachine } from '../../src/machine/implementations.ts';
import type { MachineConfig } from '../../src/machine/compiled.ts';
import { PLAYBOOKS } from './playbooks.ts';

/* Compiled machines as they are stored with their runs. `UPDATE_GOLDEN=1 npx vitest run test/machine` writes them anew. */

const FOLDER = join(import.meta.dirname, '../golden/machines');

describe.each(PLAYBOOKS)('the machine of $name', ({ name, compiled }) => {
  const { main, bodies } = compiled;

  test('is the one on record', () => {
    const file = join(FOLDER, `${name}.json`);
    const text = `${JSON.stringify({ main, bodies }, undefined, 1)}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  test('is plain data', () => {
    expect(JSON.parse(JSON.stringify(compiled))).toEqual(compiled);
  });

  test('names no action and no guard that does not exist (M1)', () => {
    for (const config of [main, ...Object.values(bodies)]) {
      const { implementations } = buildMachine(config);
      // What the world is asked for is collected, not implemented.
      const known = new Set([
        'perform',
        'fan',
        ...Object.keys(implementations.actions),
        ...Object.keys(implementations.guards),
      ]);
      expect([...namesIn(config)].filter(each => !known.has(each))).toEqual([]);
    }
  });

  test('waits for no event that names a round or a run (M2)', () => {
    const events = [main, ...Object.values(bodies)].flatMap(config => [...eventsIn(config)]);
    expect(
      events.filter(event => !/^((went|failed)\.[a-z_][a-z0-9_]*|begin|cancel|overdue|stop|cut)$/.test(event)),
    ).toEqual([]);
  });
});

function* everyState(config: MachineConfig): Generator<MachineConfig> {
  yield config;
  for (const inner of Object.values(config.states ?? {})) yield* everyState(inner);
}

function* namesIn(config: MachineConfig): Generator<string> {
  for (const { entry = [], always = [], on = {}, onDone = [] } of everyState(config)) {
    for (const { type } of entry) yield type;
    for (const { guard, actions = [] } of [...always, ...Object.values(on).flat(), ...onDone]) {
      if (guard !== undefined) yield guard.type;
      for (const { type } of actions) yield type;
    }
  }
}

function* eventsIn(config: MachineConfig): Generator<string> {
  for (const { on = {} } of everyState(config)) yield* Object.keys(on);
}
