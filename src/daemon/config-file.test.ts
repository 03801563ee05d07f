import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { catalogueOf } from '../action/connector.ts';
import { connectors } from '../connectors/connectors.ts';
import { findConfig, readConfig, shownAs } from './config-file.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'backline-'));
  mkdirSync(join(root, 'project/.git'), { recursive: true });
  mkdirSync(join(root, 'project/playbooks/block'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const project = (path = ''): string => join(root, 'project', path);

test('the nearest backline.yaml counts, up to the root of the repository and no further', () => {
  writeFileSync(join(root, 'backline.yaml'), '');
  expect(findConfig({ folder: project('playbooks/block'), variables: {} })).not.toBe(join(root, 'backline.yaml'));
  writeFileSync(project('backline.yaml'), '');
  expect(findConfig({ folder: project('playbooks/block'), variables: {} })).toBe(project('backline.yaml'));
  writeFileSync(project('playbooks/backline.yaml'), '');
  expect(findConfig({ folder: project('playbooks/block'), variables: {} })).toBe(project('playbooks/backline.yaml'));
});

test('a named file wins over a variable, and that over what is found', () => {
  writeFileSync(project('backline.yaml'), '');
  const variables = { BACKLINE_CONFIG: 'other.yaml' };
  expect(findConfig({ folder: project(), variables })).toBe(project('other.yaml'));
  expect(findConfig({ folder: project(), variables, explicit: '/etc/third.yaml' })).toBe('/etc/third.yaml');
});

test('what cannot be found or read is said, not thrown', () => {
  const read = (explicit?: string) =>
    readConfig({
      folder: project(),
      variables: {},
      flags: [],
      catalogue: catalogueOf(connectors),
      ...(explicit === undefined ? {} : { explicit }),
    });
  expect(read('none.yaml').diagnostics).toMatchObject([
    { code: 'unreadable-file', message: 'none.yaml cannot be read (ENOENT)' },
  ]);
  expect(read('playbooks').diagnostics).toMatchObject([
    { code: 'unreadable-file', message: 'playbooks cannot be read (EISDIR)' },
  ]);
  writeFileSync(project('backline.yaml'), 'data: state\n');
  expect(read()).toMatchObject({
    config: { file: 'backline.yaml', data: project('state') },
    text: 'data: state\n',
    diagnostics: [],
  });
});

test('a path is shown relative where it is below, and whole where it is not', () => {
  expect(shownAs('/a/b/c.yaml', '/a')).toBe('b/c.yaml');
  expect(shownAs('/etc/backline/backline.yaml', '/a')).toBe('/etc/backline/backline.yaml');
});
