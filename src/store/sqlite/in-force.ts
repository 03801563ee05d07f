/** `isInForce` (store/in-force.ts) of a row of `response`, word for word as the partial index has it. */
export const IN_FORCE = "state IN ('in-force', 'unconfirmed', 'undoing')";
