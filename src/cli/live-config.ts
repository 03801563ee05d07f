import { dirname } from 'node:path';
import type { Catalogue } from '../action/connector.ts';
import { catalogueOf } from '../action/connector.ts';
import { connectors } from '../connectors/connectors.ts';
import { findConfig, readConfig, shownAs } from '../daemon/config-file.ts';
import type { Config } from '../daemon/config.ts';
import type { LoadedConfig } from '../daemon/config.ts';
import type { Override } from '../daemon/layers.ts';
import { misuse } from './exit.ts';
import { requireSound } from './find-playbook.ts';
import type { Invocation } from './invocation.ts';

export interface LiveConfig {
  readonly config: Config;
  readonly catalogue: Catalogue;
  /** The folder of the file, or the one that was called from. */
  readonly base: string;
  reread(): LoadedConfig;
}

/** The configuration with its secrets, for what connects to something. Stops, and says why, where it has errors. */
export function readLiveConfig(invocation: Invocation, flags: readonly Override[] = []): LiveConfig {
  const { folder, config: explicit, variables } = invocation;
  const catalogue = catalogueOf(connectors);
  const request = { folder, variables, ...(explicit === undefined ? {} : { explicit }) };
  const reread = () => readConfig({ ...request, flags, catalogue });
  const path = findConfig(request);
  const { config, diagnostics, text } = reread();
  const texts = path === undefined || text === undefined ? [] : [[shownAs(path, folder), text] as const];
  requireSound({ diagnostics, texts: new Map(texts) }, invocation);
  // Nothing is undefined without an error; the compiler cannot know.
  if (config === undefined) throw misuse('there is no configuration');
  return { config, catalogue, base: path === undefined ? folder : dirname(path), reread };
}
