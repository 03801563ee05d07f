import type { Action } from '../action/action.ts';
import type { CommandId, ResponseKey, RunId } from '../base/ids.ts';
import type { HoldEnd, HoldRow, JournalRecord, RecordBody, ResponseRow } from '../journal/record.ts';
import type { Core } from './core.ts';
import { laneKeys } from './response.ts';
import { DEFAULT_RETRY } from './retry.ts';
import type { Trouble } from './reverse.ts';
import { reverse } from './reverse.ts';
import type { Run } from './run.ts';
import { Stopped } from './stopped.ts';
import type { Watch } from './watches.ts';
import { inputOf, isFor } from './watches.ts';

/*
 * What is in force, who holds it, and how it is taken back.
 *
 * L1  The lists here follow the journal: they change in `apply`, with records that are on disk, and nowhere else.
 * L2  A response is taken back when its last hold has gone (reverse.ts): read the state, still what we set, inverse action,
 *     read again.
 * L3  What is not so any more is not taken back, and what was so before us was never in here (E9).
 * L4  Taking back is rescue: protection and budgets do not stop it. A pause stops it only where no person asked for it.
 * L5  What could not be taken back stays listed, is tried again, and a person is told.
 */

const LONGEST_BACKOFF = 600_000;
/** After so many tries in vain a person is told. */
const TELL_AFTER = 3;
const LOOK_BACK = 10_000;

interface Held {
  readonly hold: HoldRow;
  /** Grows with every hold: several can be added at the same time of the clock. */
  readonly order: number;
  readonly stop: () => void;
}

interface Entry {
  row: ResponseRow;
  readonly holds: Map<string, Held>;
  failures: number;
  again?: () => void;
}

/** Only a person's word passes the pause (L4). */
type Asked = 'a person' | 'a playbook' | 'nobody';

export type TakenBack = 'undone' | 'gone' | 'left';

export interface Undone {
  readonly undone: readonly CommandId[];
  readonly left: readonly CommandId[];
  /** Of the one response that was asked for. */
  readonly whole?: TakenBack;
}

export class Ledger {
  readonly #core: Core;
  readonly #entries = new Map<ResponseKey, Entry>();
  #order = 0;

  constructor(core: Core) {
    this.#core = core;
    core.pause.onResume(() => this.#sweep());
  }

  /** After a start: what the store lists is what is in force. */
  async load(): Promise<void> {
    const { query } = this.#core.store;
    const rows = await query.responses({ inForce: true, limit: Number.MAX_SAFE_INTEGER });
    // Lists are newest first; the ledger follows the order in which things came.
    for (const row of rows.toReversed()) this.#put(row);
    for (const hold of (await query.holds()).toReversed()) this.#addHold(hold);
    this.#sweep();
  }

  standing(key: ResponseKey): ResponseRow | undefined {
    return this.#entries.get(key)?.row;
  }

  /** L1 */
  apply(records: readonly JournalRecord[]): void {
    for (const { body } of records) {
      switch (body.kind) {
        case 'response-began':
          this.#put(body.response);
          break;
        case 'hold-added':
          this.#addHold(body.hold);
          break;
        case 'hold-ended':
          this.#endHold(body.response, body.run, body.command);
          break;
        case 'undo-intended': {
          const entry = this.#entries.get(body.response);
          if (entry !== undefined) entry.row = { ...entry.row, state: 'undoing' };
          break;
        }
        case 'response-ended':
          this.#remove(body.response);
          break;
        default:
          break;
      }
    }
  }

  /** A hold's event came, or its time is over. Part of the run's next turn. */
  release(run: Run, response: ResponseKey, command: CommandId, why: HoldEnd): void {
    const entry = this.#entries.get(response);
    const held = entry?.holds.get(holdId(run.id, command));
    if (entry === undefined || held === undefined) return;
    run.spawn(async () => {
      if (why === 'time' && held.hold.events.length > 0) this.#tellUnmet(run, entry.row, held.hold);
      await run.append([{ kind: 'hold-ended', response, run: run.id, command, why }]);
      if (entry.holds.size === 0) await this.#letGo(entry, why);
    });
  }

  /** LANGUAGE 6.3: its `for` is over and its `until` is not met. */
  #tellUnmet(run: Run, { action, targets }: ResponseRow, { events }: HoldRow): void {
    const waited = events.map(({ event }) => event).join(' or ');
    const target = targets.map(({ value }) => String(value)).join(', ');
    const body = `Run ${run.id} held ${action} on ${target} until ${waited}, which has not come; its time is over.`;
    run.tellOwner(`Hold ended by time: ${action}`, body);
  }

  /** Everything this run holds, newest first (LANGUAGE 8.4): dropped, and taken back where nobody else holds it. */
  async undoRun(
    run: Run,
    {
      by,
      because,
      asked,
    }: { readonly by: string; readonly because: string; readonly asked: 'a person' | 'a playbook' },
    only?: (command: CommandId) => boolean,
  ): Promise<Undone> {
    const undone: CommandId[] = [];
    const left: CommandId[] = [];
    // What the run has just done is in here once it is on disk (L1).
    await run.saved();
    for (const { hold, entry } of this.#holdsOf(run.id)) {
      if (only?.(hold.command) === false) continue;
      const { response, command } = hold;
      await this.#append(run.id, [{ kind: 'hold-ended', response, run: run.id, command, why: 'undo' }]);
      const taken = await this.#takeBack(entry, { by, because, asked });
      (taken === 'left' ? left : undone).push(hold.command);
    }
    for (const { entry, command } of await this.#droppedBy(run)) {
      if (only?.(command) === false || undone.includes(command) || left.includes(command)) continue;
      const taken = await this.#takeBack(entry, { by, because, asked });
      (taken === 'left' ? left : undone).push(command);
    }
    return { undone, left };
  }

  /** What an undo of this run let go of and did not take back: a crash or a pause came between. */
  async #droppedBy({ id }: Run): Promise<{ readonly entry: Entry; readonly command: CommandId }[]> {
    if ([...this.#entries.values()].every(({ holds }) => holds.size > 0)) return [];
    const records = await this.#core.store.query.records(id);
    return records.toReversed().flatMap(({ body }) => {
      if (body.kind !== 'hold-ended' || body.why !== 'undo' || body.run !== id) return [];
      const entry = this.#entries.get(body.response);
      return entry?.holds.size === 0 ? [{ entry, command: body.command }] : [];
    });
  }

  /** Takes a response back whoever holds it. */
  async undoResponse(
    key: ResponseKey,
    who: { readonly by: string; readonly because: string; readonly asked: 'a person' | 'a playbook' },
  ): Promise<TakenBack> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return 'gone';
    return this.#takeBack(entry, { ...who, whole: true });
  }

  /** Somebody found that it does not stand any more; what held it holds nothing. */
  async gone(row: ResponseRow, detail: string): Promise<void> {
    const entry = this.#entries.get(row.key);
    if (entry !== undefined) await this.#dropHolds(entry);
    await this.#append(row.run, [{ kind: 'response-ended', response: row.key, state: 'gone', detail }]);
  }

  async #dropHolds(entry: Entry): Promise<void> {
    for (const { hold } of [...entry.holds.values()]) {
      const { response, run, command } = hold;
      await this.#append(run, [{ kind: 'hold-ended', response, run, command, why: 'response-undone' }]);
    }
  }

  /** Once more where it was to be taken back and is in force again. */
  #put(row: ResponseRow): void {
    const entry = this.#entries.get(row.key);
    entry?.again?.();
    if (entry === undefined) this.#entries.set(row.key, { row, holds: new Map(), failures: 0 });
    else Object.assign(entry, { row, failures: 0 });
  }

  #remove(key: ResponseKey): void {
    const entry = this.#entries.get(key);
    entry?.again?.();
    for (const { stop } of entry?.holds.values() ?? []) stop();
    this.#entries.delete(key);
  }

  #addHold(hold: HoldRow): void {
    const entry = this.#entries.get(hold.response);
    if (entry === undefined) return;
    this.#endHold(hold.response, hold.run, hold.command);
    const stops = hold.events.map(filter => this.#watch(hold, filter));
    if (hold.until !== undefined) stops.push(this.#core.clock.alarm(hold.until, () => this.#overBy(hold)));
    const order = this.#order++;
    entry.holds.set(holdId(hold.run, hold.command), { hold, order, stop: () => stops.forEach(stop => stop()) });
  }

  #endHold(response: ResponseKey, run: RunId, command: CommandId): void {
    const entry = this.#entries.get(response);
    const id = holdId(run, command);
    entry?.holds.get(id)?.stop();
    entry?.holds.delete(id);
  }

  #overBy(hold: HoldRow): void {
    this.#core.activity.spawn(
      async () => this.release(await this.#core.run(hold.run), hold.response, hold.command, 'time'),
      fault => this.#core.fault(fault, 'a hold that ended'),
    );
  }

  /** Events accepted since the waking event count, also those from before this hold (LANGUAGE 6.3). */
  #watch(hold: HoldRow, filter: HoldRow['events'][number]): () => void {
    const core = this.#core;
    let unwatch = () => {};
    let isOver = false;
    core.activity.spawn(
      async () => {
        const run = await core.run(hold.run);
        if (isOver) return;
        const watch: Watch = {
          run: hold.run,
          command: hold.command,
          filter,
          response: hold.response,
          params: run.birth.facts.params,
          lists: run.compiled.playbook.lists,
          async holds(event) {
            const decision = (await core.run(hold.run)).decide(filter.if ?? 'true', hold.command, { arrived: event });
            return decision.decided && decision.holds;
          },
          fault: fault => core.fault(fault, 'a hold that waits for an event'),
        };
        unwatch = core.watches.add(watch);
        for (const { event } of await core.store.query.eventsSince(hold.since, [filter.event], LOOK_BACK)) {
          if (!(await isFor(watch, event))) continue;
          const input = inputOf(watch, event, core.clock.now());
          const [delivered] = await core.store.deliver([input]);
          if (delivered === 'delivered') (await core.run(hold.run)).receive(input);
          return;
        }
      },
      fault => core.fault(fault, 'a hold that waits for an event'),
    );
    return () => {
      isOver = true;
      unwatch();
    };
  }

  #holdsOf(run: RunId): { readonly hold: HoldRow; readonly entry: Entry }[] {
    const found: { hold: HoldRow; order: number; entry: Entry }[] = [];
    for (const entry of this.#entries.values()) {
      for (const { hold, order } of entry.holds.values()) if (hold.run === run) found.push({ hold, order, entry });
    }
    return found.toSorted((a, b) => b.order - a.order);
  }

  /** What nobody holds any more: after a start, and when a pause ends. */
  #sweep(): void {
    for (const entry of this.#entries.values()) {
      if (entry.holds.size > 0) continue;
      this.#core.activity.spawn(
        () => this.#letGo(entry, 'time'),
        fault => this.#core.fault(fault, 'letting go of a response'),
      );
    }
  }

  async #letGo(entry: Entry, why: HoldEnd): Promise<void> {
    await this.#takeBack(entry, {
      by: 'backline',
      asked: 'nobody',
      because: why === 'event' ? 'what its hold waited for came' : 'its hold is over',
    });
  }

  /** L2 */
  async #takeBack(
    entry: Entry,
    who: {
      readonly by: string;
      readonly because: string;
      readonly asked: Asked;
      /** Whoever holds it. */
      readonly whole?: true;
    },
  ): Promise<TakenBack> {
    const core = this.#core;
    const { row } = entry;
    const action = core.catalogue.actions.get(row.action);
    const inverse = row.undo === undefined ? undefined : core.catalogue.actions.get(row.undo.action);
    if (action === undefined || inverse === undefined) {
      core.log.error(
        { response: row.key, action: row.action },
        'a response cannot be taken back: its connector is not installed any more',
      );
      return 'left';
    }
    const leave = await core.lanes.enterAll(laneKeys(action, row.targets, row.key));
    try {
      if (this.#entries.get(row.key) !== entry) return 'gone';
      // L4: only a person's word passes the pause; everything else is listed and let go when it ends.
      if (who.asked !== 'a person' && core.pause.state !== undefined) return 'left';
      if (who.whole === true) await this.#dropHolds(entry);
      // Others hold it, perhaps since a moment ago.
      if (entry.holds.size > 0) return 'gone';
      return await this.#undo(entry, action, inverse, who);
    } catch (error) {
      if (error instanceof Stopped) return 'left';
      throw error;
    } finally {
      leave();
    }
  }

  async #undo(
    entry: Entry,
    action: Action,
    inverse: Action,
    who: { readonly by: string; readonly because: string; readonly asked: Asked },
  ): Promise<TakenBack> {
    const { row } = entry;
    const { key, run } = row;
    const { birth } = await this.#core.run(run);
    entry.again?.();
    await this.#append(run, [{ kind: 'undo-intended', response: key, by: who.by, because: who.because }]);
    const reversed = await reverse(this.#core, {
      row,
      action,
      inverse,
      facts: birth.facts,
      mayBeUndone: row.state === 'undoing',
      passesPause: who.asked === 'a person',
      attempted: (trouble, again) => this.#append(run, [{ kind: 'undo-attempted', response: key, ...trouble, again }]),
    });
    if (reversed.kind === 'trouble') return this.#leave(entry, reversed);
    const { state } = reversed;
    const detail =
      state === 'undone'
        ? [`by ${who.by}: ${who.because}`, reversed.detail].filter(Boolean).join('. ')
        : reversed.detail;
    await this.#append(run, [{ kind: 'response-ended', response: key, state, detail }]);
    return state;
  }

  /** L5 */
  async #leave(entry: Entry, { reason, detail }: Trouble): Promise<'left'> {
    entry.failures++;
    const { row } = entry;
    const again = this.#core.clock.now() + Math.min(DEFAULT_RETRY.every * 2 ** entry.failures, LONGEST_BACKOFF);
    if (entry.failures === TELL_AFTER) {
      const stays = `${row.action} of run ${row.run} stays in force: ${detail} (${reason}). It is tried again.`;
      (await this.#core.run(row.run)).tellOwner(`Not taken back: ${row.action}`, stays);
    }
    await this.#append(row.run, [{ kind: 'undo-attempted', response: row.key, reason, detail, again }]);
    const cancel = this.#core.clock.alarm(again, () =>
      this.#core.activity.spawn(
        () => this.#letGo(entry, 'undo'),
        fault => this.#core.fault(fault, 'taking back a response'),
      ),
    );
    entry.again = cancel;
    return 'left';
  }

  /**
   * By id, never by a run that was kept over a wait: one that has ended may have left memory meanwhile, and two of one run
   * would give the same numbers to different records.
   */
  async #append(run: RunId, bodies: readonly RecordBody[]): Promise<void> {
    await (await this.#core.run(run)).append(bodies);
  }
}

function holdId(run: RunId, command: CommandId): string {
  return `${run}/${command}`;
}
