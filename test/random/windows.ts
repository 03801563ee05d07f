import { readFileSync } from 'node:fs';
import type { JsonObject } from '../../src/base/json.ts';

/** A process that Sysmon saw begin; see test/fixtures/sigma. */
export const RECORD = JSON.parse(
  readFileSync(new URL('../fixtures/sigma/events/07f8bdc2-c9b3-472a-9817-5a670b872f53.json', import.meta.url), 'utf8'),
) as JsonObject;
