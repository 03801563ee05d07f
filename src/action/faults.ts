/** What can go wrong on the way to a product and in it. Simulators play all of these; the conformance suite asks for all. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number; readonly body?: string }
  /** Never answers. */
  | { readonly kind: 'silence' }
  /** The connection breaks before the product has seen the request. */
  | { readonly kind: 'cut' }
  /** The connection breaks in the middle of the answer; the request has had its effect. */
  | { readonly kind: 'cut-body' }
  /** 200 and a page of HTML, as a proxy's login would be. */
  | { readonly kind: 'html' }
  /** 200 and JSON that ends too early. */
  | { readonly kind: 'broken-json' }
  /** The request has its effect, and the connection breaks before the answer. */
  | { readonly kind: 'lost-answer' }
  /** All is well, when the wait is over. */
  | { readonly kind: 'slow'; readonly wait: () => Promise<void> };

export interface FaultSpec {
  readonly fault: Fault;
  /** How many of the matching requests; all if not given. */
  readonly times?: number;
  /** Only requests of this method. */
  readonly method?: string;
  /** Only requests whose path contains this. */
  readonly path?: string;
}

/** Thrown by a simulator to say that the connection is to be cut. A server that serves it does so. */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';
}

export interface Faulty {
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * From now on; several wait their turn, first come first served. One without an end for the same requests would never
   * let it have its turn, and is over.
   */
  fault(spec: FaultSpec): void;
  /** Takes all faults back. */
  heal(): void;
}

/** Wraps a simulator's door so that it can be told to fail. */
export function faulty(fetch: (request: Request) => Promise<Response> | Response): Faulty {
  let waiting: { readonly spec: FaultSpec; left: number }[] = [];
  return {
    async fetch(request) {
      const next = waiting.find(({ spec }) => matches(spec, request));
      if (next === undefined) return fetch(request);
      next.left -= 1;
      if (next.left === 0) waiting = waiting.filter(other => other !== next);
      return play(next.spec.fault, request, fetch);
    },
    fault(spec) {
      const isInTheWay = (other: (typeof waiting)[number]): boolean =>
        other.left === Infinity && other.spec.method === spec.method && other.spec.path === spec.path;
      waiting = [...waiting.filter(other => !isInTheWay(other)), { spec, left: spec.times ?? Infinity }];
    },
    heal() {
      waiting = [];
    },
  };
}

function matches({ method, path }: FaultSpec, request: Request): boolean {
  return (method === undefined || request.method === method) && new URL(request.url).pathname.includes(path ?? '');
}

async function play(
  fault: Fault,
  request: Request,
  fetch: (request: Request) => Promise<Response> | Response,
): Promise<Response> {
  switch (fault.kind) {
    case 'status': {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      return new Response(fault.body ?? `status ${fault.status}`, { status: fault.status, headers });
    }
    case 'silence':
      return new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(new ConnectionCut())));
    case 'cut':
      throw new ConnectionCut();
    case 'cut-body':
      return cutShort(await fetch(request));
    case 'html':
      return new Response('<html><title>Sign in</title></html>', { headers: { 'content-type': 'text/html' } });
    case 'broken-json':
      return new Response('{"data": {"ip": [', { headers: { 'content-type': 'application/json' } });
    case 'lost-answer':
      await fetch(request);
      throw new ConnectionCut();
    case 'slow':
      await fault.wait();
      return fetch(request);
  }
}

function cutShort({ status }: Response): Response {
  const body = new ReadableStream({
    start: controller => controller.enqueue(new TextEncoder().encode('{"da')),
    pull: controller => controller.error(new ConnectionCut()),
  });
  return new Response(body, { status: status === 204 ? 200 : status, headers: { 'content-type': 'application/json' } });
}
