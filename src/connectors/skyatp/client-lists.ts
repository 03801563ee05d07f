import type { HttpRequest } from '../../base/http.ts';
import { listIn, takenChange, takenJson } from './answer.ts';
import type { List, Wire } from './client.ts';

/** What the realm's block and allow lists hold, a list for each. Hashes have none. */
export type Kind = 'ip' | 'domain' | 'url';

/** Any 2xx says that the change was taken; the recorded next read shows it. A page has no end that is known: see `listIn`. */
export async function readEntries(wire: Wire, list: List, kind: Kind): Promise<readonly string[]> {
  const { http, signal } = wire;
  const what = `${list} of ${kind}`;
  const answer = await http({ method: 'GET', path: pathOf(wire, list, kind), signal });
  return listIn(takenJson(answer, what), 'servers', what).map(({ text }) => text);
}

/** Adds or removes one entry, spelled as the product has it. A removal is a DELETE with a body (recorded). */
export async function changeEntry(
  wire: Wire,
  change: { readonly method: 'PATCH' | 'DELETE'; readonly list: List; readonly kind: Kind; readonly value: string },
): Promise<void> {
  const { http, signal } = wire;
  const { method, list, kind, value } = change;
  const body = { parts: [{ name: 'server', text: value }] };
  takenChange(await http({ method, path: pathOf(wire, list, kind), body, signal }), `${list} of ${kind}, ${method}`);
}

function pathOf({ settings: { version = 'v2' } }: Wire, list: List, kind: Kind): HttpRequest['path'] {
  return [version, 'skyatp', list, 'param', kind];
}
