import { COLUMN_KINDS, type CaseReference, type CaseTable } from '../cases/shape.ts';

/** The Prisma schema for PostgreSQL of these tables, with a relation for each foreign key. */
export function prismaSchema(tables: readonly CaseTable[]): string {
  const models = tables.map((table) => model(table, tables));
  return ['datasource db {\n  provider = "postgresql"\n}\n', ...models].join('\n');
}

function model(table: CaseTable, tables: readonly CaseTable[]): string {
  const lines = [
    ...table.columns.map(({ name, kind, isNullable }) => {
      const [type = '', ...attributes] = COLUMN_KINDS[kind].prisma.split(' @');
      const all = [`${type}${isNullable ? '?' : ''}`, ...attributes.map((text) => `@${text}`)];
      return `${name} ${all.join(' ')}`;
    }),
    ...table.references.map((reference) => toParent(table, reference, tables)),
    ...tables.flatMap((child) =>
      child.references
        .filter(({ parent }) => parent === table.name)
        .map((reference) => toChildren(child, reference)),
    ),
    `@@id([${table.primaryKey.join(', ')}])`,
    ...table.uniqueKeys.map((key) => `@@unique([${key.join(', ')}])`),
  ];
  return `model ${table.name} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

function toParent(
  table: CaseTable,
  reference: CaseReference,
  tables: readonly CaseTable[],
): string {
  const { columns, parent } = reference;
  const key = tables.find(({ name }) => name === parent)?.primaryKey ?? [];
  const name = relationName(table, reference);
  return `to_${parent} ${parent} @relation("${name}", fields: [${columns.join(', ')}], references: [${key.join(', ')}])`;
}

function toChildren(child: CaseTable, reference: CaseReference): string {
  const name = relationName(child, reference);
  return `from_${name} ${child.name}[] @relation("${name}")`;
}

function relationName(child: CaseTable, { columns }: CaseReference): string {
  return `${child.name}_${columns.join('_')}`;
}
