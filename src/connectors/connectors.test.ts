import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { connectors } from './connectors.ts';

test('the connectors are the folders beside the list', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name);
  expect(connectors.map(connector => connector.name).toSorted()).toEqual(folders.toSorted());
});
