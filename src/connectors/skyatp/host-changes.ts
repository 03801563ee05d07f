import type { ActionContext } from '../../action/action.ts';
import { reading, writing } from '../../action/http-answer.ts';
import type { Answer } from '../../action/outcome.ts';
import type { Json } from '../../base/json.ts';
import type { FromSchema } from '../../base/schema.ts';
import { BODY_DROPPED } from './answer.ts';
import type { List, Wire } from './client.ts';
import { changeHosts } from './client.ts';
import type { hostInput } from './infected-host.ts';
import { isOn, listedAs } from './infected-host.ts';
import type { Settings } from './settings.ts';

/*
 * The four changes to our lists of hosts differ in the list, in the direction, and in what they say of the host afterwards.
 */

type Input = FromSchema<typeof hostInput>;
type Context = ActionContext<Settings>;

const LOOK_AGAIN = 5_000;

/** Puts a host on a list. */
export function puttingOn<Output>(list: List, describe: (ip: string, wire: Wire) => Promise<Output>) {
  // Recordings show an entry in the very next read. Should it take longer, it is asked for until the step's deadline.
  const confirm = async ({ ip }: Input, wire: Wire): Promise<Answer<Output>> => {
    if (!(await isOn(wire, list, ip))) return { kind: 'pending', token: null, again: LOOK_AGAIN };
    return { kind: 'done', output: await describe(ip, wire) };
  };
  return {
    perform: writing<Input, Output, Settings>(async ({ ip }, context) => {
      if (await isOn(context, list, ip)) return { kind: 'done', already: true, output: await describe(ip, context) };
      await changeHosts(context, { method: 'PATCH', list, ip });
      return confirm({ ip }, context);
    }),
    resume: (_token: Json, input: Input, context: Context) => reading(confirm)(input, context),
  };
}

/** Takes a host off a list, as the list spells it. */
export function takingOff<Output>(list: List, describe: (ip: string, wire: Wire) => Promise<Output>) {
  return {
    perform: writing<Input, Output, Settings>(async ({ ip }, context) => {
      const listed = await listedAs(context, list, ip);
      if (listed !== undefined) {
        await changeHosts(context, { method: 'DELETE', list, ip: listed });
        if (await isOn(context, list, ip)) return BODY_DROPPED;
      }
      const already = listed === undefined ? ({ already: true } as const) : {};
      return { kind: 'done', ...already, output: await describe(ip, context) };
    }),
  };
}
