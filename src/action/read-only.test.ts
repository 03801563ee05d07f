import { expect, test } from 'vitest';
import type { HttpAnswer } from '../base/http.ts';
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
