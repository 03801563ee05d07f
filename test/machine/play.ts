import { formatInstant } from '../../src/base/clock.ts';
import type { CommandId, RunId } from '../../src/base/ids.ts';
import type { Json } from '../../src/base/json.ts';
import type { Command, Facts, MachineInput, Outcome } from '../../src/machine/command.ts';
import type { Compiled } from '../../src/machine/compiled.ts';
import { awaitedIn } from '../../src/machine/problems.ts';
import type { RunState } from '../../src/machine/state.ts';
import { UNBEGUN } from '../../src/machine/state.ts';
import type { Stepped } from '../../src/machine/step.ts';
import { step } from '../../src/machine/step.ts';

export const NOW = Date.parse('2026-03-01T09:00:00Z');

export const FACTS: Facts = {
  run: 'run-1' as RunId,
  playbook: 'test',
  mode: 'active',
  started: NOW,
  incident: 'run:run-1',
  url: 'https://backline.example/runs/run-1',
  event: {
    id: 'a1',
    origin: 'lab',
    type: 'lab.alarm',
    time: formatInstant(NOW),
    alarm: { id: 'a1' },
    host: { name: 'h1', key: 'h1' },
  },
  params: {},
};

/** A machine that is told things one after another, and what it asked for. */
export class Play {
  readonly compiled: Compiled;
  readonly told: MachineInput[] = [];
  readonly asked: Command[] = [];
  state: RunState = UNBEGUN;
  at = NOW;

  constructor(compiled: Compiled) {
    this.compiled = compiled;
  }

  get awaited(): readonly CommandId[] {
    return awaitedIn(this.state.main);
  }

  get status(): RunState['status'] {
    return this.state.status;
  }

  begin(): Stepped {
    return this.tell({ kind: 'begin', at: this.at });
  }

  done(command: string, output: Json = {}): Stepped {
    return this.settle(command, { status: 'done', at: this.at }, output);
  }

  fails(command: string, reason = 'rejected'): Stepped {
    return this.settle(command, { status: 'failed', reason, at: this.at });
  }

  settle(command: string, outcome: Outcome, output?: Json): Stepped {
    const settled = { kind: 'settled', at: ++this.at, command: command as CommandId, outcome } as const;
    return this.tell(output === undefined ? settled : { ...settled, output });
  }

  cancel(): Stepped {
    return this.tell({ kind: 'cancel', at: ++this.at, by: 'ann', late: [] });
  }

  tell(input: MachineInput): Stepped {
    this.told.push(input);
    const stepped = step(this.compiled, FACTS, this.state, input);
    this.state = stepped.state;
    this.asked.push(...stepped.commands);
    return stepped;
  }

  outcome(id: string): string | undefined {
    const outcome = this.state.main.memory.outcomes[id];
    return outcome && [outcome.status, outcome.reason].filter(Boolean).join(': ');
  }
}

/** Begun, and these steps done one after another. */
export function played(compiled: Compiled, ...done: readonly string[]): Play {
  const play = new Play(compiled);
  play.begin();
  for (const command of done) play.done(command);
  return play;
}
