import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Catalogue } from '../action/connector.ts';
import { startOf } from '../base/span.ts';
import { diagnosticOf } from './codes.ts';
import type { LoadedConfig } from './config.ts';
import { loadConfig } from './config.ts';
import type { Override } from './layers.ts';
import type { Variables } from './variables.ts';

const NAME = 'backline.yaml';
const SYSTEM = '/etc/backline/backline.yaml';

export interface ConfigRequest {
  /** `--config`; relative to `folder`. */
  readonly explicit?: string;
  /** Where to look from; absolute. */
  readonly folder: string;
  readonly variables: Variables;
  readonly flags: readonly Override[];
  readonly catalogue: Catalogue;
}

export interface ReadConfig extends LoadedConfig {
  /** Of the file, for showing places. */
  readonly text?: string;
}

/** Finds and reads the configuration. Never throws: what cannot be read is a diagnostic. */
export function readConfig(request: ConfigRequest): ReadConfig {
  const { folder, variables, flags, catalogue } = request;
  const path = findConfig(request);
  if (path === undefined) {
    const message = `there is no ${NAME} here or above, and no ${SYSTEM}`;
    return {
      diagnostics: [diagnosticOf({ code: 'no-config', message, span: startOf(NAME), hint: 'name one with --config' })],
    };
  }
  const file = shownAs(path, folder);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return {
      diagnostics: [
        diagnosticOf({
          code: 'unreadable-file',
          message: `${file} cannot be read (${codeOf(error)})`,
          span: startOf(file),
        }),
      ],
    };
  }
  const world = { variables, flags, catalogue, readFile: (secret: string) => readFileSync(secret, 'utf8') };
  return { ...loadConfig({ file, text, folder: dirname(path) }, world), text };
}

/** `--config`, else BACKLINE_CONFIG, else the nearest backline.yaml up to the root of the repository, else the system's. */
export function findConfig({
  explicit,
  folder,
  variables,
}: Pick<ConfigRequest, 'explicit' | 'folder' | 'variables'>): string | undefined {
  const named = explicit ?? variables['BACKLINE_CONFIG'];
  if (named !== undefined && named !== '') return resolve(folder, named);
  for (let here = folder; ; here = dirname(here)) {
    const path = join(here, NAME);
    if (existsSync(path) && statSync(path).isFile()) return path;
    if (existsSync(join(here, '.git')) || dirname(here) === here) break;
  }
  return existsSync(SYSTEM) ? SYSTEM : undefined;
}

/** A path as people and editors know it: relative where it is below. */
export function shownAs(path: string, folder: string): string {
  const shown = relative(folder, path);
  return shown.startsWith('..') ? path : shown;
}

/** `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
