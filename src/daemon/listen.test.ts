import { expect, test } from 'vitest';
import { isLoopback, urlOf } from './listen.ts';

test.each([
  ['127.0.0.1', true, 'http://127.0.0.1:7400'],
  ['127.9.9.9', true, 'http://127.9.9.9:7400'],
  ['::1', true, 'http://[::1]:7400'],
  ['localhost', true, 'http://localhost:7400'],
  ['0.0.0.0', false, 'http://localhost:7400'],
  ['::', false, 'http://localhost:7400'],
  ['10.0.0.5', false, 'http://10.0.0.5:7400'],
  ['localhost.example.org', false, 'http://localhost.example.org:7400'],
])('%s: only this machine can reach it: %s', (host, loopback, url) => {
  expect(isLoopback({ host, port: 7400 })).toBe(loopback);
  expect(urlOf({ host, port: 7400 })).toBe(url);
});
