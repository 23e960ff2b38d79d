/** What the decisions of a draft are sorted by. */
export const DECISION_KINDS = [
  'guess',
  'kept-differently',
  'not-kept',
  'proposal',
  'name',
  'left-out',
] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];
