import { quoteIdentifier } from '../model/sql.ts';

/** A column of the rows that PostgreSQL is asked about. */
export interface ConditionInput {
  readonly name: string;
  /** Ready for a cast in SQL. */
  readonly typeSql: string;
  /** `given`: from the values of the rows; `null`: NULL in each; else SQL over the others. */
  readonly from: 'given' | 'null' | { readonly sql: string };
}

/** SQL that is NULL where a row meets a condition, and any text where it does not. */
export type AnswerSql = string;

export interface ConditionQuery {
  /** The name of the target's table, which the conditions may use for a row. */
  readonly table: string;
  readonly inputs: readonly ConditionInput[];
  readonly answers: readonly AnswerSql[];
}

export interface ConditionAnswer {
  /** The row, from 1. */
  readonly ordinal: number;
  /** For each condition NULL or its answer. */
  readonly answers: readonly (string | null)[];
}

/**
 * The query that holds rows against conditions and gives back those that break one. Its parameters
 * are one array of texts for each given input, in their order.
 */
export function conditionSql({ table, inputs, answers }: ConditionQuery): string {
  const row = quoteIdentifier(table);
  const given = inputs.filter(({ from }) => from === 'given');
  const ordinal = quoteIdentifier(freeName('ordinal', inputs));
  const parameters = given.map((_, index) => `$${index + 1}::text[]`);
  const fields = given.map((_, index) => `p${index + 1}`);
  const fieldOf = new Map(given.map((input, index) => [input, `given.p${index + 1}`]));
  const columns = inputs.flatMap((input) =>
    typeof input.from === 'object'
      ? []
      : [`${fieldOf.get(input) ?? 'NULL'}::${input.typeSql} AS ${quoteIdentifier(input.name)}`],
  );
  const computed = inputs.flatMap(({ name, typeSql, from }) =>
    typeof from === 'object' ? [`(${from.sql})::${typeSql} AS ${quoteIdentifier(name)}`] : [],
  );
  // OFFSET 0 keeps the planner from working out a cast again for each place that uses it.
  return `
    SELECT judged.ordinal::integer AS ordinal, judged.answers FROM (
      SELECT ${row}.${ordinal} AS ordinal, ARRAY[${answers.join(', ')}]::text[] AS answers FROM (
        SELECT ${[`${row}.*`, ...computed].join(', ')} FROM (
          SELECT ${[`given.ordinal AS ${ordinal}`, ...columns].join(', ')}
          FROM unnest(${parameters.join(', ')}) WITH ORDINALITY AS given (${[...fields, 'ordinal'].join(', ')})
          OFFSET 0) AS ${row}
        OFFSET 0) AS ${row}
      OFFSET 0) AS judged
    WHERE cardinality(array_remove(judged.answers, NULL)) > 0`;
}

/** A name that no column has. */
export function freeName(wanted: string, inputs: readonly { readonly name: string }[]): string {
  const taken = new Set(inputs.map(({ name }) => name));
  let name = wanted;
  for (let number = 1; taken.has(name); number++) name = `${wanted}_${number}`;
  return name;
}
