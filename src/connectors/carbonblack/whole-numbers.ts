import type { JsonObject } from '../../base/json.ts';

/**
 * Without whole numbers beyond 2^53: read by JavaScript, they are others by now. The product writes some, `_version_` of
 * alerts and `parent_id` of 4.x processes among them (recorded).
 */
export function withoutLost(raw: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(raw).filter(([, value]) => !Number.isInteger(value) || Number.isSafeInteger(value)),
  );
}
