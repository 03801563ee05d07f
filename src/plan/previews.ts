import type { Action, Preview } from '../action/action.ts';
import type { Catalogue } from '../action/connector.ts';
import type { Standing } from '../action/outcome.ts';
import type { Json } from '../base/json.ts';
import { isObject } from '../base/json.ts';

/**
 * The catalogue with previews that cannot end a plan. Where a connector's `plan` throws, or gives something else than a
 * preview, `note` is told, and the reviewer reads it in the place of the change.
 */
export function withSafePreviews(catalogue: Catalogue, note: (fault: string) => void): Catalogue {
  return {
    ...catalogue,
    actions: new Map([...catalogue.actions].map(([name, action]) => [name, withSafePreview(action, note)])),
  };
}

function withSafePreview(action: Action, note: (fault: string) => void): Action {
  if (action.plan === undefined) return action;
  return {
    ...action,
    plan(input, before) {
      const { preview, fault } = previewed(action, input, before);
      if (preview !== undefined) return preview;
      note(`${action.fullName} cannot say what it would change: ${fault}`);
      return { change: 'unknown effect', notes: [`the action cannot say what it would change: ${fault}`] };
    },
  };
}

function previewed(
  action: Action,
  input: Json,
  before: Standing | undefined,
): { readonly preview: Preview<Json>; readonly fault?: never } | { readonly preview?: never; readonly fault: string } {
  try {
    const preview: unknown = action.plan?.(input, before);
    // A promise, most likely: then it went to work where it was only asked what it would do.
    if (!isObject(preview) || typeof preview['change'] !== 'string') return { fault: 'its answer is not a preview' };
    return { preview: preview as unknown as Preview<Json> };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
