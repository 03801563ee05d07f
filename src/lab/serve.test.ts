import { afterEach, expect, test } from 'vitest';
import { ConnectionCut, faulty } from '../action/faults.ts';
import { HttpTrouble } from '../base/http.ts';
import type { ClosableHttp } from '../daemon/http.ts';
import { createHttp } from '../daemon/http.ts';
import type { Served } from './serve.ts';
import { serve } from './serve.ts';

let served: Served | undefined;
let http: ClosableHttp | undefined;
afterEach(async () => {
  await http?.close();
  await served?.close();
});

async function client(fetch: (request: Request) => Promise<Response> | Response): Promise<ClosableHttp> {
  served = await serve(fetch);
  http = createHttp({ default: { url: served.url } });
  return http;
}

test('a request reaches the handler whole, a body on DELETE included, and the answer comes back', async () => {
  const call = await client(async request => {
    const seen = [request.method, new URL(request.url).search, request.headers.get('x-a'), await request.text()];
    return Response.json(seen, { status: 201, headers: { 'x-b': '2' } });
  });
  const answer = await call({
    method: 'DELETE',
    path: ['x'],
    query: { q: '1' },
    headers: { 'X-A': 'a' },
    body: { json: [1] },
  });
  expect(answer).toMatchObject({ status: 201, json: ['DELETE', '?q=1', 'a', '[1]'] });
  expect(answer.headers).toMatchObject({ 'x-b': '2', 'content-encoding': 'gzip' });
});

test('an answer whose length the handler gives arrives whole', async () => {
  const text = JSON.stringify('x'.repeat(1_000));
  const call = await client(() => new Response(text, { headers: { 'content-length': String(text.length) } }));
  expect(await call({ method: 'GET', path: ['x'] })).toMatchObject({ status: 200, text });
});

test('a handler that throws a cut, at once or in its body, cuts the connection', async () => {
  const call = await client(() => {
    throw new ConnectionCut();
  });
  await expect(call({ method: 'GET', path: ['x'] })).rejects.toMatchObject({ reason: 'unreachable', sent: true });
});

test('faults match by method and path, count down, and heal', async () => {
  const sick = faulty(() => Response.json('well'));
  const call = await client(sick.fetch);
  const get = async (path: string): Promise<unknown> => {
    try {
      const answer = await call({ method: 'GET', path: [path], timeout: 300 });
      return answer.json ?? answer.status;
    } catch (error) {
      return error instanceof HttpTrouble ? error.reason : error;
    }
  };
  sick.fault({ fault: { kind: 'status', status: 503, retryAfter: 7 }, times: 1, path: '/b' });
  sick.fault({ fault: { kind: 'cut-body' }, times: 1, path: '/b' });
  sick.fault({ fault: { kind: 'silence' }, method: 'GET' });
  expect([await get('a'), await get('b'), await get('b'), await get('b')]).toEqual([
    'timeout',
    503,
    'unreachable',
    'timeout',
  ]);
  sick.heal();
  expect(await get('b')).toBe('well');
});
