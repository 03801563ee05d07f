import { expect, test } from 'vitest';
import type { Files } from '../base/file.ts';
import { fileSchema, fileValueOf } from '../base/file.ts';
import type { JsonSchema } from '../base/schema.ts';
import { declaredFiles } from './files.ts';

const bytes = Buffer.from('MZ');
const file = fileValueOf(bytes, 'a.exe');
const store: Files = { keep: async (given, name) => fileValueOf(given, name), read: async () => bytes };

function filesOf(input: JsonSchema, output: JsonSchema, given: Parameters<typeof declaredFiles>[2]): Files {
  return declaredFiles(store, { fullName: 'lab.look', input, output }, given);
}

const none: JsonSchema = { type: 'object', properties: {} };
const one: JsonSchema = { type: 'object', properties: { file: fileSchema } };
const many: JsonSchema = { type: 'object', properties: { files: { type: 'array', items: fileSchema } } };

test('the bytes of a file in the input can be read, of one or of several', async () => {
  expect(await filesOf(one, none, { file }).read(file)).toBe(bytes);
  expect(await filesOf(many, none, { files: [file] }).read(file)).toBe(bytes);
});

test('those of any other file cannot, whatever names it', async () => {
  const other = fileValueOf(Buffer.from('other'), 'b.exe');
  for (const files of [filesOf(one, none, { file: other }), filesOf(none, none, { file }), filesOf(one, none, {})])
    await expect(files.read(file)).rejects.toThrow('lab.look reads a file, which its input does not hold');
});

test('a file can be kept where the output declares one', async () => {
  expect(await filesOf(none, one, {}).keep(bytes, 'a.exe')).toEqual(file);
  expect(await filesOf(none, many, {}).keep(bytes, 'a.exe')).toEqual(file);
  await expect(filesOf(one, none, { file }).keep(bytes, 'a.exe')).rejects.toThrow('which its output does not declare');
});
