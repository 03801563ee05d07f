import type { Performed } from '../../src/engine/performer.ts';
import type { TestWorld } from '../kit/world.ts';

/* What may befall a world, as a tape of numbers has it. */

const ACTIONS = [
  'lab.look',
  'lab.list',
  'lab.unlist',
  'lab.isolate',
  'lab.release',
  'lab.press',
  'lab.unpress',
  'lab.tell',
];
const ANSWERS: readonly (Performed | 'effect' | 'lost' | 'silence')[] = [
  'effect',
  'lost',
  'silence',
  'effect',
  { kind: 'retry', reason: 'unavailable', detail: '503' },
  { kind: 'failed', reason: 'rejected', detail: 'no' },
  { kind: 'unconfirmed', detail: 'offline' },
  { kind: 'pending', token: 't', again: 5_000 },
];

/** From now on products answer as the tape says: well, badly, late, or not at all. */
export function misbehave(world: TestWorld, tape: readonly number[]): void {
  let turn = 0;
  for (const action of ACTIONS) {
    world.board.manner(action, (seen, board) => {
      const answer = ANSWERS[(tape[turn++ % tape.length] ?? 0) % ANSWERS.length] ?? 'effect';
      if (answer === 'silence') return undefined;
      if (answer === 'effect') return board.effect(seen);
      if (answer !== 'lost') return answer;
      board.effect(seen);
      return { kind: 'retry', reason: 'timeout', detail: 'lost', inDoubt: true };
    });
  }
}

/** All goes well again, and nobody has paused anything. */
export async function behave(world: TestWorld): Promise<void> {
  for (const action of ACTIONS) world.board.manner(action, (seen, board) => board.effect(seen));
  await world.engine.resume('ann');
}

/** Alarms, news, answers, cancels, pauses, crashes and restarts. */
export async function happen(world: TestWorld, choice: number): Promise<void> {
  const rest = Math.floor(choice / 10);
  switch (choice % 10) {
    case 0:
    case 1:
    case 2:
      await world.alarms({ host: { name: rest % 2 === 0 ? 'h1' : 'h2' } });
      break;
    case 3:
      await world.idle();
      break;
    case 4:
      await world.pass((rest % 60) * 60_000);
      break;
    case 5: {
      const runs = await world.store.query.runs({ limit: 100 });
      const row = runs[rest % Math.max(runs.length, 1)];
      if (row !== undefined) await world.engine.cancel(row.run, 'ann', rest % 2 === 0);
      break;
    }
    case 6: {
      const questions = await world.store.query.questions({ open: true, limit: 100 });
      const question = questions[rest % Math.max(questions.length, 1)]?.question;
      const answer = question?.answers[rest % question.answers.length];
      if (question !== undefined && answer !== undefined) await world.engine.answer(question.id, answer.id, 'bob');
      break;
    }
    case 7:
      await world.cleared(`a${(rest % 8) + 1}`);
      break;
    case 8:
      if (rest % 2 === 0) await world.engine.pause('ann', 'stop it');
      else await world.engine.resume('ann');
      break;
    default:
      if (rest % 2 === 0) await world.crash();
      else await world.restart();
  }
}
