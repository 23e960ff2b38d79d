/** What becomes of a row whose key a row of the target has already. */
export const CONFLICT_ANSWERS = ['error', 'skip', 'update'] as const;

/** `error`: it is named, and nothing is loaded; `skip`: the target's row stays; `update`: it is overwritten. */
export type ConflictAnswer = (typeof CONFLICT_ANSWERS)[number];
