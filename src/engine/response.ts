import { createHash } from 'node:crypto';
import type { Action, Target } from '../action/action.ts';
import type { ResponseKey } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { canonical, equalJson, isObject } from '../base/json.ts';
import type { Facts } from '../machine/command.ts';

/** (action, target inputs), one at a time per target (LANGUAGE 8.3). Shadow runs have keys of their own. */
export function responseKey(action: Action, input: Json, facts: Facts): ResponseKey {
  const targets = Object.fromEntries(
    Object.entries(isObject(input) ? input : {}).filter(([name]) => isTargetInput(action, name)),
  );
  // An action without typed targets is in force once per whole input.
  const about = Object.keys(targets).length === 0 ? input : targets;
  const hash = createHash('sha256')
    .update(canonical([action.fullName, about]))
    .digest('hex')
    .slice(0, 32);
  return `${facts.mode === 'shadow' ? 'shadow:' : ''}${hash}` as ResponseKey;
}

/**
 * What must not be written to at the same time. An action and its inverse act on the same thing; what names no target is
 * one with the response that it makes.
 */
export function laneKeys(action: Action, targets: readonly Target[], response?: ResponseKey): string[] {
  if (targets.length === 0) return response === undefined ? [] : [response];
  return targets.map(target => `${action.connector}/${target.kind}/${String(target.value).toLowerCase()}`);
}

export function sameContent(a: Json, b: Json): boolean {
  return equalJson(a, b);
}

/** `192.168.1.163`, for people. */
export function targetText(targets: readonly Target[], input: Json): string {
  return targets.length > 0 ? targets.map(target => String(target.value)).join(', ') : canonical(input).slice(0, 80);
}

function isTargetInput(action: Action, name: string): boolean {
  const property = action.input.properties?.[name];
  return property?.['x-target'] !== undefined || property?.items?.['x-target'] !== undefined;
}
