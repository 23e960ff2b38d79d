import type { GeneratedPlan, TablePlan } from '../mapping/plan.ts';
import type { ConvertedRow } from '../mapping/row.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { TargetColumn } from '../model/target-catalog.ts';
import type { Row } from '../model/values.ts';
import { freeName, type ConditionInput } from './condition-sql.ts';
import type { RowPlace } from './judge.ts';

/** A row that PostgreSQL is to be asked about. */
export interface Candidate {
  readonly row: Row;
  readonly values: ConvertedRow;
  readonly place: RowPlace;
  /** What the source has for the plan's generated columns, in their order; undefined for what does not fit. */
  readonly expected: readonly (string | null | undefined)[];
}

export type Input = ConditionInput & {
  /** The text to send, NULL as null; undefined when the value does not fit the type. */
  readonly textOf: (candidate: Candidate) => string | null | undefined;
};

/** Finds what must be known of a row for an expression to be worked out. */
export class ConditionInputs {
  readonly #plan: TablePlan<PlannedTable>;
  readonly #inputs = new Map<string, readonly Input[]>();

  constructor(plan: TablePlan<PlannedTable>) {
    this.#plan = plan;
  }

  /** The inputs for columns of the target; or the one whose value only the load brings. */
  of(
    names: readonly string[],
  ): { readonly inputs: readonly Input[] } | { readonly unknown: string } {
    const inputs = new Set<Input>();
    for (const name of names) {
      const needed = this.#inputs.get(name) ?? this.#find(name);
      if (needed === null) return { unknown: name };
      this.#inputs.set(name, needed);
      for (const input of needed) inputs.add(input);
    }
    return { inputs: [...inputs] };
  }

  /** Columns that an expression may speak of: those whose names occur in it. */
  columnsIn(sql: string): string[] {
    return this.#plan.target.columns
      .map(({ name }) => name)
      .filter((name) => sql.includes(name.replaceAll('"', '""')));
  }

  /** What the source says of a generated column, under a name that no column has. */
  expected(generated: GeneratedPlan): Input {
    const { columns } = this.#plan.target;
    const index = this.#plan.generated.indexOf(generated);
    return {
      name: freeName(`expected_${index}`, columns),
      typeSql: generated.target.type.baseSql,
      from: 'given',
      textOf: ({ expected }) => expected[index],
    };
  }

  #find(name: string): readonly Input[] | null {
    const { columns, target } = this.#plan;
    const column = target.columns.find((candidate) => candidate.name === name);
    if (column === undefined) return null;
    if (column.isGenerated) return this.#generated(column);
    const typeSql = column.type.baseSql;
    const index = columns.findIndex((planned) => planned.target.name === name);
    if (index !== -1) {
      return [{ name, typeSql, from: 'given', textOf: ({ values }) => values[index] }];
    }
    return column.hasDefault ? null : [{ name, typeSql, from: 'null', textOf: () => null }];
  }

  #generated({ name, type, generatedSql: sql }: TargetColumn): readonly Input[] | null {
    if (sql === null) return null;
    const under = this.of(this.columnsIn(sql).filter((other) => other !== name));
    if ('unknown' in under) return null;
    const own: Input = { name, typeSql: type.baseSql, from: { sql }, textOf: () => null };
    return [...under.inputs, own];
  }
}
