import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { writing } from '../../../action/http-answer.ts';
import { fileSchema } from '../../../base/file.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { fileIdOf, readContent } from '../client-live.ts';
import { LIVE_RIGHTS, LIVE_TIMEOUT, NOT_THERE, beginLive, goOnLive, liveSensor, trouble } from '../live-response.ts';
import type { Script } from '../live-response.ts';
import type { Settings, settings } from '../settings.ts';

const input = {
  type: 'object',
  properties: {
    sensor: liveSensor,
    path: {
      type: 'string',
      minLength: 1,
      maxLength: 4_096,
      description: 'of the file on the host, whole, as the host writes it: c:\\users\\mharris\\invoice.docm',
    },
  },
  required: ['sensor', 'path'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: {
    found: { type: 'boolean', description: 'whether the host has a file there' },
    file: fileSchema,
  },
  required: ['found'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof input>;
type Output = FromSchema<typeof output>;

/** Larger ones are not taken; as for binaries, which the server cuts off there. */
const LARGEST = 26_214_400;

/** Any file, not only executables, as it is on the host now. It changes nothing there, but it acts there: no plan makes it. */
export const collectFile = defineAction<typeof settings>()({
  name: 'collect-file',
  description:
    'Fetches a file from a host by its path, by Live Response. It is kept here; the server keeps a copy for 7 days.',
  effect: 'irreversible',
  routine: true,
  input,
  output,
  timeout: LIVE_TIMEOUT,
  repeatable: true,
  rights: LIVE_RIGHTS,
  perform: writing<Input, Output, Settings>(({ sensor }, context) => beginLive<Output>(sensor, context)),
  resume: (token, asked, context) =>
    writing<Input, Output, Settings>((given, wired) => goOnLive(token, fetching(given, wired))(given.sensor, wired))(
      asked,
      context,
    ),
  plan: ({ sensor, path }) => ({ change: `${path} on sensor ${sensor}: fetched` }),
});

function fetching({ path }: Input, context: ActionContext<Settings>): Script<Output> {
  return {
    first: { command: { name: 'get file', object: path }, step: null },
    async next(command, _step, { session }) {
      const { result_code: code } = command;
      if (typeof code === 'number' && NOT_THERE.has(code)) return { end: { kind: 'done', output: { found: false } } };
      const said = trouble(command);
      if (said !== undefined) {
        const detail = `the sensor could not fetch the file: ${said}`;
        return { end: { kind: 'failed', reason: 'rejected', detail } };
      }
      const bytes = await readContent(context, { session, file: fileIdOf(command), most: LARGEST });
      const file = await context.files.keep(bytes, path.split(/[\\/]/).at(-1)?.slice(0, 255) || 'file');
      return { end: { kind: 'done', output: { found: true, file } } };
    },
    late: (_step, detail) => ({ kind: 'failed', reason: 'timeout', detail }),
  };
}
