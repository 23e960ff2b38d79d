import type { FindingHead } from '../model/findings.ts';
import type { ChangeKind } from '../model/ledger.ts';
import type { Candidate, Input } from './condition-inputs.ts';
import type { AnswerSql } from './condition-sql.ts';

/** Something that the target demands of each row and that only PostgreSQL can judge. */
export interface Condition {
  readonly head: FindingHead;
  readonly answerSql: AnswerSql;
  readonly inputs: readonly Input[];
  /** What is wrong with a row that breaks it; the answer is null when PostgreSQL had none. */
  readonly explain: (candidate: Candidate, answer: string | null) => string;
  /** A row that breaks it is wanted to become this: it is counted, and no finding. */
  readonly change?: ChangeKind;
}
