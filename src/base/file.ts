import { createHash } from 'node:crypto';
import type { FromSchema, JsonSchema } from './schema.ts';

/**
 * A file as a value (DESIGN 5): hashes, a size and a name. It goes through playbooks and records like any other value; its
 * bytes do not. They live beside the journal, by their SHA-256, and only an action that declares a file is handed them.
 */
export const fileSchema = {
  type: 'object',
  'x-file': true,
  properties: {
    name: { type: 'string', maxLength: 255 },
    size: { type: 'integer', minimum: 0, description: 'in bytes' },
    hash: {
      type: 'object',
      properties: {
        md5: { type: 'string', format: 'md5' },
        sha1: { type: 'string', format: 'sha1' },
        sha256: { type: 'string', format: 'sha256' },
      },
      required: ['md5', 'sha1', 'sha256'],
      additionalProperties: false,
    },
  },
  required: ['name', 'size', 'hash'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type FileValue = FromSchema<typeof fileSchema>;

/** The bytes of files. */
export interface Files {
  /** Keeps the bytes: they are on disk when it resolves. Keeping the same ones again is the same as once. */
  keep(bytes: Uint8Array, name: string): Promise<FileValue>;
  /** Rejects with a {@link FileTrouble} where they are not kept, or no more. */
  read(file: FileValue): Promise<Uint8Array>;
}

/** A file cannot be had or kept. */
export class FileTrouble extends Error {
  override readonly name = 'FileTrouble';
  /** `not-found`: not kept, or no more; `rejected`: larger than is kept; `unavailable`: the disk is in trouble. */
  readonly reason: 'not-found' | 'rejected' | 'unavailable';

  constructor(reason: FileTrouble['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** For whoever has none to do with. */
export const noFiles: Files = {
  keep: () => Promise.reject(new FileTrouble('rejected', 'no files are kept here')),
  read: () => Promise.reject(new FileTrouble('not-found', 'no files are kept here')),
};

/** The value that stands for the bytes. The name is whatever a product said: what is no plain character is taken out. */
export function fileValueOf(bytes: Uint8Array, name: string): FileValue {
  const hash = (kind: string): string => createHash(kind).update(bytes).digest('hex');
  const sha256 = hash('sha256');
  return {
    name: plainName(name) || sha256,
    size: bytes.length,
    hash: { md5: hash('md5'), sha1: hash('sha1'), sha256 },
  };
}

/** Without its folders, and without control and direction characters, which make a name look like another. */
function plainName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  return [...last.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')].slice(0, 255).join('').trim();
}
