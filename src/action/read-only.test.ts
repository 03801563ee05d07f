import { describe, expect, test } from 'vitest';
import type { HttpAnswer, HttpRequest } from '../base/http.ts';
import { readOnly } from './read-only.ts';

const answer: HttpAnswer = { status: 200, headers: {}, text: '', json: undefined };

test.each(['GET', 'HEAD'] as const)('%s passes', async method => {
  expect(await readOnly(async () => answer)({ method, path: [] })).toBe(answer);
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s is stopped before it is sent', async method => {
  let sent = false;
  const http = readOnly(async () => {
    sent = true;
    return answer;
  });
  await expect(http({ method, path: [] })).rejects.toThrow(`an action declared as read tried to ${method}`);
  expect(sent).toBe(false);
});

describe('a product that is read by POST', () => {
  const asks = [{ path: ['api.php'], query: { op: 'incidents' } }];
  const passing = readOnly(async () => answer, asks);
  const question: HttpRequest = { method: 'POST', path: ['api.php'], query: { op: 'incidents' } };

  test('is asked what the action names', async () => {
    expect(await passing({ ...question, body: { form: { interval_sec: '60' } } })).toBe(answer);
  });

  test.each<[string, HttpRequest]>([
    ['another operation', { ...question, query: { op: 'add_user' } }],
    ['another operation in a list', { ...question, query: { op: ['incidents', 'add_user'] } }],
    ['another path', { ...question, path: ['api.php', 'x'] }],
    ['another method', { ...question, method: 'PUT' }],
    ['more in the query', { ...question, query: { op: 'incidents', delete: '1' } }],
    ['an operation that the form overrules', { ...question, body: { form: { op: 'add_user' } } }],
  ])('is not asked for %s', async (_, request) => {
    await expect(passing(request)).rejects.toThrow('an action declared as read tried to');
  });
});
