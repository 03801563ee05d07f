import { accessSync, constants, statSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { formatInstant } from '../base/clock.ts';
import { codeOf } from './config-file.ts';
import type { Check } from './connection-checks.ts';
import type { Config } from './config.ts';
import { parseReference } from './references.ts';
import type { Variables } from './variables.ts';

/** Free space below which a day of events may not fit, in bytes. */
const LITTLE = 1024 ** 3;
/** Before this was written no clock can be. */
const WRITTEN = Date.parse('2026-11-01T00:00:00Z');

/** What this machine has to be like: permissions, room and time. Changes nothing. */
export function checkMachine(
  config: Config,
  {
    clock,
    variables,
    path,
  }: { readonly clock: Clock; readonly variables: Variables; readonly path: string | undefined },
): Check[] {
  return [
    ...(path === undefined ? [] : [configCheck(path)]),
    ...secretFiles(config, variables).map(secretCheck),
    ...dataChecks(config.data),
    clockCheck(clock),
  ];
}

function configCheck(path: string): Check {
  const isOpen = (statSync(path).mode & 0o022) !== 0;
  const name = 'configuration';
  if (!isOpen) return { name, result: 'ok', detail: path };
  const detail = `${path} can be written by others than its owner: they decide what is done`;
  return { name, result: 'failed', detail, hint: `chmod go-w ${path}` };
}

/** Files that references of the configuration name. */
function secretFiles({ leaves }: Config, variables: Variables): string[] {
  const folder = variables['CREDENTIALS_DIRECTORY'];
  const found = leaves.flatMap(({ value }) => {
    const reference = typeof value === 'string' ? parseReference(value) : undefined;
    if (reference === undefined || reference === 'broken') return [];
    if (reference.kind === 'file') return [reference.name];
    return reference.kind === 'credential' && folder !== undefined ? [join(folder, reference.name)] : [];
  });
  return [...new Set(found)];
}

function secretCheck(path: string): Check {
  const name = 'secret';
  try {
    if ((statSync(path).mode & 0o007) === 0) return { name, result: 'ok', detail: path };
    const detail = `${path} can be read by everybody on this machine`;
    return { name, result: 'failed', detail, hint: `chmod o-rwx ${path}` };
  } catch (error) {
    return { name, result: 'failed', detail: `${path} cannot be looked at (${codeOf(error)})` };
  }
}

function dataChecks(data: string): Check[] {
  const name = 'data';
  try {
    const stat = statSync(data);
    if (!stat.isDirectory()) return [{ name, result: 'failed', detail: `${data} is not a folder` }];
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK);
    const isOpen = (stat.mode & 0o077) !== 0;
    const open: Check = {
      name,
      result: 'failed',
      detail: `${data} can be entered by others than its owner: it holds every event and every record`,
      hint: `chmod 700 ${data}`,
    };
    return [isOpen ? open : { name, result: 'ok', detail: data }, roomCheck(data)];
  } catch (error) {
    if (codeOf(error) !== 'ENOENT')
      return [{ name, result: 'failed', detail: `${data} cannot be used (${codeOf(error)})` }];
  }
  try {
    accessSync(dirname(data), constants.W_OK);
    return [{ name, result: 'ok', detail: `${data} will be made at the first start` }];
  } catch (error) {
    return [{ name, result: 'failed', detail: `${data} is not there and cannot be made (${codeOf(error)})` }];
  }
}

function roomCheck(data: string): Check {
  const { bavail, bsize } = statfsSync(data);
  const free = bavail * bsize;
  const detail = `${(free / LITTLE).toFixed(1)} GiB are free`;
  if (free >= LITTLE) return { name: 'room', result: 'ok', detail };
  return { name: 'room', result: 'warning', detail, hint: 'when the disk is full nothing is accepted any more' };
}

function clockCheck(clock: Clock): Check {
  const now = clock.now();
  if (now >= WRITTEN) return { name: 'clock', result: 'ok', detail: formatInstant(now) };
  const detail = `it is ${formatInstant(now)} here, which is before this version was made`;
  return { name: 'clock', result: 'failed', detail, hint: 'set the clock; holds and tokens go by it' };
}
