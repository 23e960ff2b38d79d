import type { SourceTable } from '../model/source-catalog.ts';
import type { Decisions } from './decisions.ts';
import type { DraftSource } from './input.ts';
import { databaseName } from './names/database-names.ts';
import { fieldName, modelName, nameTaker, type NameTaker } from './names/identifiers.ts';

/** How a column is called in Prisma and in PostgreSQL. */
export interface ColumnNames {
  readonly field: string;
  readonly database: string;
}

/** How a table and its columns are called. */
interface TableNames {
  readonly model: string;
  readonly database: string;
  readonly columns: ReadonlyMap<string, ColumnNames>;
  /** Takes names for further fields of the model. */
  readonly takeField: NameTaker;
}

/** All names of a draft. */
export interface DraftNames {
  readonly tables: ReadonlyMap<string, TableNames>;
  /** Takes names for further models and enums. */
  readonly takeModel: NameTaker;
  /** What PostgreSQL's schema has given out: tables, types and indexes share their names. */
  readonly used: Set<string>;
}

/** Names every table and column once and for all. */
export function draftNames(source: DraftSource, decisions: Decisions): DraftNames {
  const takeModel = nameTaker();
  const used = new Set<string>();
  const tables = new Map(
    source.tables.map((table): [string, TableNames] => {
      const { name: database, reason } = databaseName(
        table.name,
        'table',
        source.isSnakeCase,
        used,
      );
      if (reason !== null) reportName(decisions, table, [], database, reason);
      const names = {
        model: takeModel(modelName(table.name)),
        database,
        ...columnNames(source, table, decisions),
      };
      return [table.name, names];
    }),
  );
  return { tables, takeModel, used };
}

function columnNames(
  { isSnakeCase }: DraftSource,
  table: SourceTable,
  decisions: Decisions,
): Pick<TableNames, 'columns' | 'takeField'> {
  const takeField = nameTaker();
  const used = new Set<string>();
  const columns = new Map(
    table.columns.map(({ name }): [string, ColumnNames] => {
      const { name: database, reason } = databaseName(name, 'column', isSnakeCase, used);
      if (reason !== null) reportName(decisions, table, [name], database, reason);
      return [name, { field: takeField(fieldName(name)), database }];
    }),
  );
  return { columns, takeField };
}

function reportName(
  decisions: Decisions,
  table: SourceTable,
  columns: readonly string[],
  name: string,
  reason: string,
): void {
  // What was asked for needs no word.
  if (reason === '--snake-case') return;
  decisions.add('name', table.name, columns, {
    text: `called ${JSON.stringify(name)} in PostgreSQL: ${reason}`,
  });
}
