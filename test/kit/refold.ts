import { expect } from 'vitest';
import type { RunId } from '../../src/base/ids.ts';
import type { Compiled } from '../../src/machine/compiled.ts';
import { UNBEGUN } from '../../src/machine/state.ts';
import { step } from '../../src/machine/step.ts';
import type { TestWorld } from './world.ts';

/** Tells a fresh machine all that a run's journal says it was told, and expects the same decisions and the same end (E5). */
export async function expectRefolds(world: TestWorld, run: RunId): Promise<void> {
  const { birth, head } = await world.run(run);
  const compiled = (await world.store.query.version(birth.version)) as unknown as Compiled;
  let state = UNBEGUN;
  for (const record of await world.journal(run)) {
    if (record.kind !== 'told') continue;
    const stepped = step(compiled, birth.facts, state, record.input);
    expect(stepped.commands.map(({ id }) => id)).toEqual(record.commands);
    // As the journal has it: nothing in it is undefined.
    expect(JSON.parse(JSON.stringify(stepped.judgements))).toEqual(record.judgements);
    state = stepped.state;
  }
  expect(JSON.parse(JSON.stringify(state))).toEqual(head.state);
}
