import type {
  DraftedColumn,
  DraftedEnum,
  DraftedIndex,
  DraftedKey,
  DraftedRelationField,
  DraftedSchema,
  DraftedTable,
} from '../model.ts';

const HEAD = `// Drafted from a SQLite database; DRAFT.md beside it has what a person should look at.

generator client {
  provider = "prisma-client"
  output   = "./generated/client"
}

datasource db {
  provider = "postgresql"
}
`;

/** A draft in Prisma's language; `prisma format` puts its columns in line. */
export function printPrismaSchema(schema: DraftedSchema): string {
  const models = schema.tables.map((table) => printModel(table, schema));
  return [HEAD, ...schema.enums.map(printEnum), ...models].join('\n');
}

function printEnum({ name, databaseName, labels }: DraftedEnum): string {
  const lines = labels.map((label) =>
    label.name === label.value ? label.name : `${label.name} @map(${quoted(label.value)})`,
  );
  return block(
    'enum',
    name,
    lines,
    name === databaseName ? [] : [`@@map(${quoted(databaseName)})`],
  );
}

function block(
  keyword: string,
  name: string,
  lines: readonly string[],
  attributes: readonly string[],
): string {
  const indented = lines.map((line) => `  ${line}\n`).join('');
  const end = attributes.map((line) => `  ${line}\n`).join('');
  return `${keyword} ${name} {\n${indented}${end === '' ? '' : `\n${end}`}}\n`;
}

function printModel(table: DraftedTable, { tables, relations }: DraftedSchema): string {
  const fields = table.columns.map((column) => printField(column, table));
  const own = relations.filter((relation) => relation.table === table.source.name);
  const related = own.map((relation) => printRelation(relation, table, tables));
  return block(
    'model',
    table.model,
    [...fields, ...related],
    [
      ...(table.primaryKey === null || table.primaryKey.columns.length === 1
        ? []
        : [`@@id(${keyArguments(table.primaryKey, table)})`]),
      ...table.uniqueKeys
        .filter(({ columns }) => columns.length > 1)
        .map((key) => `@@unique(${keyArguments(key, table)})`),
      ...table.indexes.map((index) => `@@index(${indexArguments(index, table)})`),
      ...(table.model === table.databaseName ? [] : [`@@map(${quoted(table.databaseName)})`]),
      ...(table.isIgnored ? ['@@ignore'] : []),
    ],
  );
}

function printField(column: DraftedColumn, table: DraftedTable): string {
  const { field, databaseName, type, isOptional, defaultValue, isUpdatedAt, source } = column;
  const isKey = ({ columns }: DraftedKey): boolean =>
    columns.length === 1 && columns[0] === source.name;
  const unique = table.uniqueKeys.find(isKey);
  const isId = table.primaryKey !== null && isKey(table.primaryKey);
  return [
    field,
    `${type.scalar}${isOptional ? '?' : ''}`,
    ...(isId && table.primaryKey !== null ? [`@id${mapArgument(table.primaryKey)}`] : []),
    ...(unique === undefined ? [] : [`@unique${mapArgument(unique)}`]),
    ...(column.generatedSql === null ? [] : ['@default(dbgenerated())']),
    ...(defaultValue === null ? [] : [`@default(${defaultValue})`]),
    ...(isUpdatedAt ? ['@updatedAt'] : []),
    ...(field === databaseName ? [] : [`@map(${quoted(databaseName)})`]),
    ...(type.attribute === null ? [] : [`@${type.attribute}`]),
  ].join(' ');
}

function mapArgument({ constraint }: DraftedKey): string {
  return constraint.isDefault ? '' : `(map: ${quoted(constraint.name)})`;
}

function keyArguments({ columns, constraint }: DraftedKey, table: DraftedTable): string {
  const fields = columns.map((name) => fieldOf(table, name));
  const map = constraint.isDefault ? '' : `, map: ${quoted(constraint.name)}`;
  return `[${fields.join(', ')}]${map}`;
}

function indexArguments(
  { columns, isDescending, constraint }: DraftedIndex,
  table: DraftedTable,
): string {
  const fields = columns.map(
    (name, index) => fieldOf(table, name) + (isDescending[index] === true ? '(sort: Desc)' : ''),
  );
  const map = constraint.isDefault ? '' : `, map: ${quoted(constraint.name)}`;
  return `[${fields.join(', ')}]${map}`;
}

function fieldOf(table: DraftedTable, column: string): string {
  return table.columns.find(({ source }) => source.name === column)?.field ?? column;
}

const MARKS = { one: '', optional: '?', list: '[]' } as const;

const ACTIONS: Readonly<Record<string, string>> = {
  CASCADE: 'Cascade',
  RESTRICT: 'Restrict',
  'SET NULL': 'SetNull',
  'SET DEFAULT': 'SetDefault',
  'NO ACTION': 'NoAction',
};

function printRelation(
  relation: DraftedRelationField,
  table: DraftedTable,
  tables: readonly DraftedTable[],
): string {
  const { field, model, form, key, isIgnored } = relation;
  const name = relation.relation === null ? [] : [quoted(relation.relation)];
  const parent = tables.find((candidate) => candidate.model === model) ?? table;
  const sides =
    key === null
      ? []
      : [
          `fields: [${key.source.columns.map((column) => fieldOf(table, column)).join(', ')}]`,
          `references: [${key.source.parentColumns.map((column) => fieldOf(parent, column)).join(', ')}]`,
          `onDelete: ${ACTIONS[key.source.onDelete.toUpperCase()] ?? 'NoAction'}`,
          `onUpdate: ${ACTIONS[key.source.onUpdate.toUpperCase()] ?? 'NoAction'}`,
          ...(key.constraint.isDefault ? [] : [`map: ${quoted(key.constraint.name)}`]),
        ];
  const said = [...name, ...sides];
  return [
    field,
    model + MARKS[form],
    ...(said.length === 0 ? [] : [`@relation(${said.join(', ')})`]),
    ...(isIgnored ? ['@ignore'] : []),
  ].join(' ');
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
