import { formatInstant } from '../base/clock.ts';
import type { CommandId, QuestionId } from '../base/ids.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { equalJson } from '../base/json.ts';
import type { Closed } from '../journal/project.ts';
import type { Question } from '../journal/record.ts';
import type { AskCommand, DoCommand } from '../machine/command.ts';
import { approved, doubtAnswered } from './effects.ts';
import type { Approval, Approving, Life } from './life.ts';
import type { Run } from './run.ts';

/** What people are asked; who and when is added to it. */
export type Asking = Omit<Question, 'id' | 'run' | 'command' | 'playbook' | 'group' | 'asked' | 'expires'> & {
  readonly within: number;
};

interface Open {
  readonly question: Question;
  readonly command: AskCommand | DoCommand;
  readonly given: Said[];
  readonly cancel: () => void;
}

/** What one person answered, with what he filled in. */
interface Said {
  readonly answer: string;
  readonly by: string;
  readonly fields?: JsonObject;
}

/** What a run has asked people. Approvals, `ask` and doubts are one thing here: a question with answers (LANGUAGE 6.1). */
export class Questions {
  readonly #run: Run;
  readonly #open = new Map<QuestionId, Open>();

  constructor(run: Run) {
    this.#run = run;
  }

  find(id: QuestionId): Question | undefined {
    return this.#open.get(id)?.question;
  }

  /** An `ask` step. */
  ask(command: AskCommand): void {
    // A shadow run reaches nobody: it goes on as if nobody had answered.
    if (this.#run.birth.facts.mode === 'shadow') {
      const run = this.#run;
      // Not from within the step that asks.
      return run.spawn(async () => {
        await Promise.resolve();
        run.settle({ command: command.id, outcome: { status: 'expired', planned: true, at: run.core.clock.now() } });
      });
    }
    this.open(command, {
      kind: 'ask',
      text: command.text,
      who: command.who,
      except: command.except,
      people: command.people,
      answers: command.answers,
      ...(command.form === undefined ? {} : { form: command.form }),
      within: command.within,
    });
  }

  /** Asks, on disk with the next turn, which also holds that the command waits for it; the answer comes as an input. */
  open(
    command: AskCommand | DoCommand,
    about: Asking,
    more: {
      readonly doubt?: Pick<Extract<Life, { stage: 'doubted' }>, 'intention' | 'attempt'>;
      readonly approval?: Approval;
    } = {},
  ): void {
    const question = this.#asked(command, about);
    const open = { question: question.id, expires: question.expires };
    const { doubt, ...given } = more;
    this.#run.setLife(
      command,
      doubt === undefined ? { stage: 'asking', ...open, ...given } : { stage: 'doubted', ...doubt, ...open },
    );
    this.#run.flush();
  }

  /** The same for what a round of a loop has not come to yet. */
  openAhead(command: DoCommand, about: Asking): void {
    const { id, expires } = this.#asked(command, about);
    this.#run.expect(command, { stage: 'ahead', question: id, expires });
    this.#run.flush();
  }

  #asked(command: AskCommand | DoCommand, { within, ...rest }: Asking): Question {
    const run = this.#run;
    const asked = run.core.clock.now();
    const isApproval = rest.kind === 'approve';
    // Nobody approves a run he caused by hand.
    const except = isApproval && run.birth.by !== undefined ? [...rest.except, run.birth.by] : rest.except;
    const group = isApproval ? groupOf(command.id) : undefined;
    const question: Question = {
      ...rest,
      except,
      id: run.core.ids.token() as QuestionId,
      run: run.id,
      command: command.id,
      playbook: run.birth.facts.playbook,
      ...(group === undefined ? {} : { group }),
      asked,
      expires: asked + within,
    };
    run.note([{ kind: 'asked', question }]);
    this.#watch(question, command, []);
    return question;
  }

  /** After a restart. */
  async reopen(
    command: AskCommand | DoCommand,
    life: Extract<Life, { stage: 'asking' | 'ahead' | 'doubted' }>,
  ): Promise<void> {
    const row = await this.#run.core.store.query.question(life.question);
    if (row === undefined) throw new Error(`question ${life.question} is not in the store`);
    const { question, given, closed } = row;
    if (closed === undefined || command.kind !== 'do') return this.#watch(question, command, given);
    // It was answered before its round came to it, and the power went right after that.
    this.tellLater(command, saidOf(closed, question));
  }

  /** A person's answer: first answers count, one a person; `people` of them who say the same decide, filled in the same. */
  answer(id: QuestionId, { answer, by, fields }: Said): void {
    const open = this.#open.get(id);
    const wanted = open?.question.answers.find(candidate => candidate.id === answer);
    if (open === undefined || wanted === undefined || open.given.some(given => given.by === by)) return;
    const said: Said = { answer, by, ...(fields === undefined ? {} : { fields }) };
    open.given.push(said);
    this.#run.note([{ kind: 'answered', question: id, ...said }]);
    const same = open.given.filter(given => isSame(given, said));
    if (same.length < wanted.people) return;
    this.#finish(open, 'answered', { ...said, by: same.map(given => given.by).join(', ') });
  }

  close(id: QuestionId, why: 'cancelled'): void {
    this.forget(id);
    this.#run.note([{ kind: 'question-closed', question: id, why }]);
  }

  forget(id: QuestionId): void {
    const open = this.#open.get(id);
    if (open !== undefined) this.#remove(open);
  }

  #watch(question: Question, command: AskCommand | DoCommand, given: readonly Said[]): void {
    const cancel = this.#run.core.clock.alarm(question.expires, () => {
      const open = this.#open.get(question.id);
      if (open !== undefined) this.#run.guard(() => this.#finish(open, 'expired'));
      this.#run.flush();
    });
    this.#open.set(question.id, { question, command, given: [...given], cancel });
  }

  #remove(open: Open): void {
    open.cancel();
    this.#open.delete(open.question.id);
  }

  #finish(open: Open, why: 'answered' | 'expired', said?: Said): void {
    const { question, command } = open;
    const { answer, by } = said ?? {};
    this.#remove(open);
    this.#run.note([
      {
        kind: 'question-closed',
        question: question.id,
        why,
        ...(answer === undefined ? {} : { answer }),
        ...(by === undefined ? {} : { by }),
      },
    ]);
    if (command.kind === 'ask') this.#settleAsk(command, said);
    else this.#tell(command, saidOf(said ?? {}, question));
  }

  /** Not from within the step that asks. */
  tellLater(command: DoCommand, said: Approving): void {
    this.#run.spawn(async () => {
      await Promise.resolve();
      this.#tell(command, said);
    });
  }

  #tell(command: DoCommand, said: Approving): void {
    const life = this.#run.life(command.id)?.life;
    if (life?.stage === 'doubted') doubtAnswered(this.#run, command, said.answer, said.by);
    else if (life?.stage === 'ahead') this.#run.setLife(command, { ...life, said });
    else approved(this.#run, command, said);
  }

  #settleAsk({ id, form }: AskCommand, said: Said | undefined): void {
    const at = this.#run.core.clock.now();
    if (said === undefined) return this.#run.settle({ command: id, outcome: { status: 'expired', at } });
    const { answer, by, fields = {} } = said;
    const output: Json = { answer, by, at: formatInstant(at), ...(form === undefined ? {} : { fields }) };
    this.#run.settle({ command: id, outcome: { status: 'done', at, by }, output });
  }
}

function isSame(a: Said, b: Said): boolean {
  return a.answer === b.answer && equalJson(a.fields ?? {}, b.fields ?? {});
}

function saidOf({ answer, by }: Pick<Closed, 'answer' | 'by'>, { rules = [] }: Question): Approving {
  return { ...(answer === undefined ? {} : { answer }), ...(by === undefined ? {} : { by }), rules };
}

/** The same step of all rounds of the innermost loop: `block.feed` of `block[2].feed`. */
function groupOf(command: CommandId): string | undefined {
  const [, loop, step] = /^(.*)\[\d+\]\.([^.[]+)$/.exec(command) ?? [];
  return loop === undefined || step === undefined ? undefined : `${loop}.${step}`;
}
