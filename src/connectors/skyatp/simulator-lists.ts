import type { JsonObject } from '../../base/json.ts';
import type { Kind } from './client-lists.ts';
import type { List } from './client.ts';

export interface ListControls {
  /** One of the realm's lists, as the administrator has it: to be read and changed. */
  entries(list: List, kind: Kind): Set<string>;
}

interface Site {
  requestId(): string;
  said(message: string, status: 400 | 422 | 429): Response;
}

interface Lists extends ListControls {
  answer(
    request: Request,
    which: { readonly list: List; readonly kind: Kind; readonly isFile: boolean },
  ): Promise<Response>;
  nextMinute(): void;
  state(): JsonObject;
}

/** Requests in a minute, for the block list and for the allow list (vendor). */
const PER_MINUTE = 60;

/**
 * The block and allow lists, one for each kind: recorded answers. Adding what is there and removing what is not are no
 * failures; no source shows them to be. A removal without a body removes nothing, as when a proxy has dropped it.
 */
export function openLists({ requestId, said }: Site): Lists {
  const lists = new Map<string, Set<string>>();
  const requests = new Map<List, number>();

  const entries = (list: List, kind: Kind): Set<string> => {
    const name = `${list} ${kind}`;
    const known = lists.get(name) ?? new Set<string>();
    lists.set(name, known);
    return known;
  };

  return {
    entries,
    async answer(request, { list, kind, isFile }) {
      const count = (requests.get(list) ?? 0) + 1;
      requests.set(list, count);
      if (count > PER_MINUTE) return said('too many requests', 429);
      const known = entries(list, kind);
      if (request.method === 'GET') {
        const servers = [...known].toSorted();
        const data = servers.length === 0 ? {} : { count: servers.length, servers };
        return Response.json({ data, request_id: requestId() });
      }
      const values = await valuesIn(request, isFile);
      if (values === undefined) return said(`${isFile ? 'file' : 'server'} is missing`, 400);
      for (const value of values) {
        if (request.method === 'PATCH') known.add(value);
        else known.delete(value);
      }
      // A removal by file is answered without data (recorded).
      const data = isFile && request.method === 'DELETE' ? {} : { data: {} };
      return Response.json({ ...data, request_id: requestId() });
    },
    nextMinute: () => requests.clear(),
    state: () => ({
      entries: Object.fromEntries([...lists].filter(([, set]) => set.size > 0).map(([name, set]) => [name, [...set]])),
    }),
  };
}

/** The values of a change: one as `server`, or a line each in `file`. None where the body is empty. */
async function valuesIn(request: Request, isFile: boolean): Promise<readonly string[] | undefined> {
  if ((request.headers.get('content-length') ?? '0') === '0' && request.method === 'DELETE') return [];
  const form = await request.formData().catch(() => undefined);
  const given = form?.get(isFile ? 'file' : 'server');
  if (given instanceof File) return (await given.text()).split('\n').filter(line => line !== '');
  return typeof given === 'string' ? [given] : undefined;
}
