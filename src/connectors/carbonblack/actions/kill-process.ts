import { defineAction } from '../../../action/action.ts';
import { malformed, writing } from '../../../action/http-answer.ts';
import type { Json, JsonObject } from '../../../base/json.ts';
import { isObject } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { LIVE_RIGHTS, LIVE_TIMEOUT, beginLive, goOnLive, liveSensor, trouble } from '../live-response.ts';
import type { Script, Step } from '../live-response.ts';
import type { settings } from '../settings.ts';

const input = {
  type: 'object',
  properties: {
    sensor: liveSensor,
    guid: {
      type: 'string',
      minLength: 36,
      maxLength: 49,
      description: 'of the process: guid of search-processes, or event.process.entity_id',
    },
  },
  required: ['sensor', 'guid'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: {
    sensor: { type: 'integer' },
    guid: { type: 'string' },
    running: { const: false, type: 'boolean' },
    path: { type: 'string', description: 'of the process that was ended' },
  },
  required: ['sensor', 'guid', 'running'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof input>;
type Output = FromSchema<typeof output>;

/** Known by its GUID and not by its pid, which another process may have by now. */
export const killProcess = defineAction<typeof settings>()({
  name: 'kill-process',
  description:
    'Ends a process on a host, by Live Response. What it has started goes on, and so may it, if it is started again.',
  effect: 'irreversible',
  input,
  output,
  timeout: LIVE_TIMEOUT,
  repeatable: true,
  rights: LIVE_RIGHTS,
  perform: writing(async (asked, context) => {
    const wrong = wrongWith(asked);
    if (wrong !== undefined) return { kind: 'failed', reason: 'invalid-input', detail: wrong };
    return beginLive<Output>(asked.sensor, context);
  }),
  resume: (token, asked, context) =>
    writing((given: Input, wired: typeof context) => goOnLive(token, killing(given))(given.sensor, wired))(
      asked,
      context,
    ),
  plan: ({ sensor, guid }) => ({
    change: `process ${guid} on sensor ${sensor}: not looked at -> ended`,
    output: { sensor, guid: guidOf(guid), running: false },
  }),
});

/** A list of processes that is older may have a pid that is another's by now. */
const FRESH = 30_000;
/** A process that was ended takes a moment to go. */
const MOST_LOOKS = 4;

const LOOK: Step = { command: { name: 'process list' }, step: { stage: 'look' } };

/** Look, end, and look again: the sensor's word for it is not enough. */
function killing({ sensor, guid: asked }: Input): Script<Output> {
  const guid = guidOf(asked);
  const output: Output = { sensor, guid, running: false };
  return {
    first: LOOK,
    async next(command, step, { age, isAnew }) {
      const { stage, looks, path, pid } = readStep(step);
      if (stage === 'kill') {
        // Whether it went well or not, the list knows: a process that has ended by itself is a wrong pid to the sensor.
        const said = trouble(command);
        return {
          command: LOOK.command,
          step: { stage: 'check', looks: 1, ...path, ...(said === undefined ? {} : { said }) },
        };
      }
      const listing = trouble(command);
      if (listing !== undefined) {
        const detail = `the sensor could not list its processes: ${listing}`;
        return {
          end: stage === 'look' ? { kind: 'failed', reason: 'rejected', detail } : { kind: 'unconfirmed', detail },
        };
      }
      const running = processesIn(command).find(({ proc_guid: own }) => String(own).toLowerCase() === guid);
      if (running === undefined) {
        const already = stage === 'look' && !isAnew;
        return { end: { kind: 'done', ...(already ? { already } : {}), output: { ...output, ...path } } };
      }
      if (stage === 'look') {
        if (age > FRESH) return LOOK;
        const at = running['path'];
        const found = typeof at === 'string' && at !== '' ? { path: at } : {};
        return { command: { name: 'kill', object: pidOf(running) }, step: { stage: 'kill', ...found } };
      }
      if (looks < MOST_LOOKS) return { command: LOOK.command, step: { ...stepObject(step), looks: looks + 1 } };
      const detail = `the process is still running after the sensor was told to end it${pid}`;
      return { end: { kind: 'failed', reason: 'rejected', detail } };
    },
    late: (step, detail) =>
      readStep(step).stage === 'look' ? { kind: 'failed', reason: 'timeout', detail } : { kind: 'unconfirmed', detail },
  };
}

function readStep(step: Json): {
  readonly stage: 'look' | 'kill' | 'check';
  readonly looks: number;
  readonly path: { readonly path?: string };
  readonly pid: string;
} {
  const { stage, looks, path, said } = stepObject(step);
  return {
    stage: stage === 'kill' || stage === 'check' ? stage : 'look',
    looks: typeof looks === 'number' ? looks : 0,
    path: typeof path === 'string' ? { path } : {},
    pid: typeof said === 'string' ? `: ${said}` : '',
  };
}

function stepObject(step: Json): JsonObject {
  return isObject(step) ? step : {};
}

function processesIn({ processes }: JsonObject): readonly JsonObject[] {
  if (Array.isArray(processes) && processes.every(isObject)) return processes;
  throw malformed('live response: the list of processes is no list of objects');
}

function pidOf({ pid }: JsonObject): number {
  if (typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0) return pid;
  throw malformed('live response: a process has no pid');
}

/** `SSSSSSSS-PPPP-PPPP-TTTT-TTTTTTTTTTTT`, with a segment behind it in alerts and rows: the sensor, the pid, the start. */
const GUID = /^([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(-[0-9a-f]{8,12})?$/i;

function wrongWith({ sensor, guid }: Input): string | undefined {
  const [, of] = GUID.exec(guid) ?? [];
  if (of === undefined) return `${JSON.stringify(guid)} is no GUID of a process`;
  const other = Number.parseInt(of, 16);
  return other === sensor ? undefined : `the process is one of sensor ${other}, not of sensor ${sensor}`;
}

function guidOf(guid: string): string {
  return guid.slice(0, 36).toLowerCase();
}
