import { createHash } from 'node:crypto';
import { formatInstant } from '../base/clock.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { Network } from '../base/network.ts';
import { isWithin, parseNetwork } from '../base/network.ts';
import type { ParsedLine } from '../formats/formats.ts';
import { parseTime } from '../formats/formats.ts';
import type { ReadContext } from './reader.ts';

/**
 * The fields of a line as events want them. What is empty, does not fit, or came more than once with different values is
 * undefined: it stays under `raw` only. Several names are tried in their order.
 */
export class LineFields {
  readonly #line: Pick<ParsedLine, 'fields' | 'repeated'>;
  readonly #nothing: ReadonlySet<string>;

  /** `nothing`: the words by which the product says that there is no value. */
  constructor(line: Pick<ParsedLine, 'fields' | 'repeated'>, nothing: readonly string[] = []) {
    this.#line = line;
    this.#nothing = new Set(['', ...nothing]);
  }

  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.#line.fields.get(name)?.trim();
      if (value === undefined || this.#nothing.has(value)) continue;
      // Whoever names a file can write a second `dst=` behind it: then nobody knows which one is meant.
      if (new Set(this.#line.repeated.get(name)).size > 1) continue;
      return value;
    }
    return undefined;
  }

  address(...names: readonly string[]): string | undefined {
    return this.#fitting(names, value => !value.includes('/') && parseNetwork(value) !== undefined);
  }

  whole(...names: readonly string[]): number | undefined {
    const value = this.#fitting(names, text => /^\d{1,15}$/.test(text));
    return value === undefined ? undefined : Number(value);
  }

  port(...names: readonly string[]): number | undefined {
    const value = this.whole(...names);
    return value === undefined || value > 65_535 ? undefined : value;
  }

  /** Hexadecimal digits, in lower case. */
  hex(length: number, ...names: readonly string[]): string | undefined {
    return this.#fitting(names, value => value.length === length && /^[0-9a-f]+$/i.test(value))?.toLowerCase();
  }

  #fitting(names: readonly string[], fits: (value: string) => boolean): string | undefined {
    for (const name of names) {
      const value = this.text(name);
      if (value !== undefined && fits(value)) return value;
    }
    return undefined;
  }
}

/** Everything that a line has in fields, for `raw`. */
function rawOf({ line, fields, repeated }: ParsedLine): JsonObject {
  return {
    line,
    ...(fields.size === 0 ? {} : { fields: Object.fromEntries(fields) }),
    ...(repeated.size === 0 ? {} : { repeated: Object.fromEntries(repeated) }),
  };
}

/** The name of whoever wrote the line: of the innermost header that names a host. */
export function senderOf({ headers }: ParsedLine): string | undefined {
  return headers.findLast(({ host }) => host !== undefined)?.host;
}

/**
 * An id for a line that has none of its own. By its place, where the transport knows it. Else by what it says, when it says
 * when: two that are alike to the last letter are one that was relayed twice. A line without a time is one of its own.
 */
function lineId(line: string, hasTime: boolean, { position, arrival }: ReadContext): string {
  return createHash('sha256')
    .update(position ?? (hasTime ? line : `${arrival} ${line}`))
    .digest('hex');
}

/** Id, type, time and `raw` of the event of a line. `times` are the fields that hold the time, the best first. */
export function envelopeOf(
  line: ParsedLine,
  from: LineFields,
  { type, times, context }: { readonly type: string; readonly times: readonly string[]; readonly context: ReadContext },
): { readonly id: string; readonly type: string; readonly time: string; readonly raw: JsonObject } {
  const written = [...times.map(name => from.text(name)), line.headers.at(-1)?.time];
  const time = written
    .map(value => (value === undefined ? undefined : parseTime(value, context)))
    .find(found => found !== undefined);
  return {
    id: lineId(line.line, time !== undefined, context),
    type,
    time: time ?? formatInstant(context.now),
    raw: rawOf(line),
  };
}

/** Whether an address lies in our networks. */
export function isOurs(address: string | undefined, networks: readonly Network[]): address is string {
  return address !== undefined && isWithin(address, networks);
}

/** Without what is not there: absent fields and empty objects. */
export function compact(object: { readonly [key: string]: Json | undefined }): JsonObject {
  const kept = Object.entries(object).filter((entry): entry is [string, Json] => {
    const [, value] = entry;
    return value !== undefined && !(typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  });
  return Object.fromEntries(kept);
}
