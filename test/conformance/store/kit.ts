import { afterEach, beforeEach } from 'vitest';
import { SimulatedClock } from '../../../src/base/clock.ts';
import type { CommandId, InputId, QuestionId, ResponseKey, RunId, Version } from '../../../src/base/ids.ts';
import type {
  Accepted,
  Batch,
  Claim,
  Head,
  Input,
  InputBody,
  Intake,
  Join,
  Rejected,
  Store,
  Turn,
  Wake,
} from '../../../src/engine/ports.ts';
import type { Event } from '../../../src/event/event.ts';
import type { Birth, HoldRow, JournalRecord, Question, RecordBody, ResponseRow } from '../../../src/journal/record.ts';
import { UNBEGUN } from '../../../src/machine/state.ts';

export const START = Date.parse('2026-11-24T09:00:00Z');

/** Opens a new, empty store; `reopen` closes it and opens what is on disk, where there is a disk. */
export type OpenStore = (clock: SimulatedClock) => Promise<Opened>;

interface Opened {
  readonly store: Store;
  readonly reopen?: () => Promise<Store>;
  readonly dispose: () => Promise<void>;
}

export interface Bench {
  readonly clock: SimulatedClock;
  readonly store: Store;
  readonly opened: Opened;
}

/** A new store and clock for each test of the calling suite. */
export function benchFor(open: OpenStore): Bench {
  let current: Bench | undefined;
  beforeEach(async () => {
    const clock = new SimulatedClock(START);
    const opened = await open(clock);
    current = { clock, opened, store: opened.store };
  });
  afterEach(() => current?.opened.dispose());
  function now(): Bench {
    if (!current) throw new Error('there is a store only while a test runs');
    return current;
  }
  return {
    get clock() {
      return now().clock;
    },
    get store() {
      return now().store;
    },
    get opened() {
      return now().opened;
    },
  };
}

export const runId = (name: string): RunId => name as RunId;
export const commandId = (name: string): CommandId => name as CommandId;
export const responseKey = (name: string): ResponseKey => name as ResponseKey;
export const questionId = (name: string): QuestionId => name as QuestionId;
export const versionId = (name: string): Version => name as Version;
const inputId = (name: string): InputId => name as InputId;

export function eventOf(id: string, more: { readonly type?: string; readonly host?: string } = {}): Event {
  return {
    id,
    origin: 'cb',
    type: more.type ?? 'carbonblack.alert',
    time: '2026-11-24T08:59:00Z',
    host: { key: more.host ?? 'fin-ws-042' },
  };
}

export function joinOf(group: string, time: number, more: Partial<Join> = {}): Join {
  return {
    correlation: 'logins',
    group,
    occurrence: { name: 'failed', time, values: { ip: [`10.0.0.${time}`] } },
    completes: false,
    since: 0,
    most: { events: 5, groups: 3 },
    keep: 1_000,
    ...more,
  };
}

export interface BirthOptions {
  readonly playbook?: string;
  readonly incident?: string;
  readonly version?: string;
  readonly event?: Event;
}

export function birthOf(run: string, options: BirthOptions = {}): Birth {
  return {
    facts: {
      run: runId(run),
      playbook: options.playbook ?? 'block-host',
      mode: 'active',
      started: START,
      incident: options.incident ?? 'host:fin-ws-042',
      url: `https://backline.example.org/runs/${run}`,
      ...(options.event ? { event: options.event } : {}),
      params: {},
    },
    version: versionId(options.version ?? 'v1'),
    lane: 7,
    overdue: START + 3_600_000,
  };
}

export function acceptedOf(
  id: string,
  more: {
    readonly wakes?: readonly Wake[];
    readonly inputs?: readonly Input[];
    readonly joins?: readonly Join[];
    readonly refused?: readonly Rejected[];
    readonly event?: Event;
  } = {},
): Accepted {
  const { wakes = [], inputs = [], joins = [], refused = [], event = eventOf(id) } = more;
  return { event, key: `cb/${id}`, wakes, inputs, joins, refused };
}

export function batchOf(...events: readonly Accepted[]): Batch {
  return { events, rejected: [] };
}

/** Accepts one event that wakes these runs. */
export async function begin(store: Store, event: string, ...runs: readonly (string | Birth)[]): Promise<Intake> {
  const births = runs.map(run => (typeof run === 'string' ? birthOf(run, { event: eventOf(event) }) : run));
  const [intake] = await store.accept(batchOf(acceptedOf(event, { wakes: births.map(birth => ({ birth })) })));
  if (!intake) throw new Error('a store answers for every event');
  return intake;
}

export function inputOf(run: string, id: string, body: InputBody = { kind: 'cancel', by: 'kim', undo: false }): Input {
  return { id: inputId(id), run: runId(run), at: START, body };
}

/** A record's body, or one with what must hold for it to be written. */
export type LineOf = RecordBody | { readonly body: RecordBody; readonly claims: readonly Claim[] };

export interface TurnOptions {
  readonly status?: Head['status'];
  readonly verdict?: string;
  readonly consumed?: readonly string[];
  readonly at?: number;
}

/** A turn of a run whose next record is `seq`. */
export function turnOf(run: string, seq: number, lines: readonly LineOf[], options: TurnOptions = {}): Turn {
  const { status = 'open', verdict, consumed = [], at = START } = options;
  const said = verdict === undefined ? {} : { verdict: { is: verdict, because: '', missing: [], undecided: [] } };
  const recordOf = (body: RecordBody, index: number): JournalRecord => ({
    run: runId(run),
    seq: seq + index,
    at,
    body,
  });
  const { main } = UNBEGUN;
  return {
    run: runId(run),
    consumed: consumed.map(inputId),
    records: lines.flatMap((line, index) => ('claims' in line ? [] : [recordOf(line, index)])),
    intents: lines.flatMap((line, index) =>
      'claims' in line ? [{ record: recordOf(line.body, index), claims: line.claims }] : [],
    ),
    head: {
      status,
      state: { ...UNBEGUN, main: { ...main, memory: { ...main.memory, ...said } } },
      // A run that has ended has nothing under way, unless a test says so.
      commands: status === 'queued' || status === 'open' ? { turn: seq } : {},
      seq: seq + lines.length,
    },
  };
}

export const told: RecordBody = { kind: 'told', input: { kind: 'begin', at: START }, commands: [], judgements: [] };

export function settled(command: string): RecordBody {
  const outcome = { status: 'failed', reason: 'unreachable', at: START } as const;
  const input = { kind: 'settled', at: START, command: commandId(command), outcome } as const;
  return { kind: 'told', input, commands: [], judgements: [] };
}

export function late(command: string): RecordBody {
  return { kind: 'late', command: commandId(command), outcome: { status: 'done', at: START } };
}

export function ended(status: 'done' | 'partial' | 'failed' | 'cancelled'): RecordBody {
  return { kind: 'ended', status };
}

export function intended(command: string, response?: string): RecordBody {
  return {
    kind: 'intended',
    intent: {
      command: commandId(command),
      action: 'skyatp.add-infected-host',
      input: { ip: '192.0.2.7' },
      targets: [{ input: 'ip', kind: 'ip', value: '192.0.2.7' }],
      key: `key of ${command}`,
      ...(response === undefined ? {} : { response: responseKey(response) }),
    },
  };
}

/** An intent to begin a response, with the claim to it. */
export function beginning(command: string, response: string): LineOf {
  return { body: intended(command, response), claims: [{ kind: 'begin', response: responseKey(response) }] };
}

export function responseOf(key: string, run: string, command: string, more: Partial<ResponseRow> = {}): ResponseRow {
  return {
    key: responseKey(key),
    run: runId(run),
    playbook: 'block-host',
    incident: 'host:fin-ws-042',
    step: command,
    command: commandId(command),
    action: 'skyatp.add-infected-host',
    input: { ip: '192.0.2.7' },
    targets: [{ input: 'ip', kind: 'ip', value: '192.0.2.7' }],
    began: START,
    state: 'in-force',
    ...more,
  };
}

export function began(key: string, run: string, command: string, more: Partial<ResponseRow> = {}): RecordBody {
  return { kind: 'response-began', response: responseOf(key, run, command, more) };
}

export function undoing(key: string): RecordBody {
  return { kind: 'undo-intended', response: responseKey(key), by: 'kim', because: 'false alarm' };
}

export function responseEnded(key: string, state: 'undone' | 'gone' | 'left' = 'undone'): RecordBody {
  return { kind: 'response-ended', response: responseKey(key), state, detail: 'not listed any more' };
}

export function holdOf(response: string, run: string, command: string): HoldRow {
  return {
    response: responseKey(response),
    run: runId(run),
    command: commandId(command),
    added: START,
    events: [],
    since: 0,
  };
}

/** A hold on a response that is in force, with the claim that it is. */
export function joining(response: string, run: string, command: string): LineOf {
  const hold = holdOf(response, run, command);
  return { body: { kind: 'hold-added', hold }, claims: [{ kind: 'join', hold }] };
}

export function questionOf(id: string, run: string): Question {
  return {
    id: questionId(id),
    run: runId(run),
    command: commandId('ask'),
    playbook: 'block-host',
    kind: 'ask',
    text: 'Block it?',
    who: ['soc-lead'],
    except: [],
    people: 1,
    answers: [{ id: 'block', label: 'Block', people: 1 }],
    asked: START,
    expires: START + 3_600_000,
  };
}
