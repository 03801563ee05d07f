import { join } from 'node:path';
import type { Variables } from './variables.ts';

/** A secret by where it is, never by what it is: `${env:X}`, `${file:/path}`, `${credential:x}`. */
export interface Reference {
  readonly kind: 'env' | 'file' | 'credential';
  readonly name: string;
  /** As written. */
  readonly text: string;
}

/** Where secrets are. */
export interface SecretSource {
  readonly variables: Variables;
  /** The text of a file. Throws where it cannot be read. */
  readFile(path: string): string;
  /** Nothing is read: whatever is there is taken as being right. */
  readonly isUnread?: true;
}

const KINDS = ['env', 'file', 'credential'] as const;
export const REFERENCE_HINT = 'references are ${env:NAME}, ${file:/path} and ${credential:name}, and stand alone';

/** A text that is one reference; `broken` where it holds `${` and is none. */
export function parseReference(text: string): Reference | 'broken' | undefined {
  if (!text.includes('${')) return undefined;
  const parts = /^\$\{([a-z]+):([^{}\s]+)\}$/.exec(text);
  const kind = KINDS.find(known => known === parts?.[1]);
  const name = parts?.[2];
  if (kind === undefined || name === undefined) return 'broken';
  // A credential is a file of one directory and no other.
  if (kind === 'credential' && /[/\\]|^\.\.?$/.test(name)) return 'broken';
  if (kind === 'file' && !name.startsWith('/')) return 'broken';
  return { kind, name, text };
}

/** What it points at, or why that cannot be had. The reason names the reference, never the value. */
export function follow(
  reference: Reference,
  source: SecretSource,
): { readonly value: string } | { readonly trouble: string } {
  const found = look(reference, source);
  if ('value' in found && found.value === '') return { trouble: `${reference.text} is empty` };
  return found;
}

function look(
  { kind, name, text }: Reference,
  source: SecretSource,
): { readonly value: string } | { readonly trouble: string } {
  if (kind === 'env') {
    const value = source.variables[name];
    return value === undefined ? { trouble: `${text}: the variable ${name} is not set` } : { value };
  }
  if (kind === 'file') return readSecret(name, text, source);
  const folder = source.variables['CREDENTIALS_DIRECTORY'];
  if (folder === undefined)
    return { trouble: `${text}: CREDENTIALS_DIRECTORY is not set; systemd sets it for LoadCredential=` };
  return readSecret(join(folder, name), text, source);
}

function readSecret(
  path: string,
  text: string,
  source: SecretSource,
): { readonly value: string } | { readonly trouble: string } {
  try {
    return { value: source.readFile(path).replace(/\r?\n$/, '') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { trouble: `${text} cannot be read${code}` };
  }
}
