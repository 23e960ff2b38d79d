import { sampleTables, shareRows } from '../../../scripts/lib/sample/tables.ts';
import type { StoredRow } from '../../../scripts/lib/sample/stored.ts';
import type { AppRow, Client, PrismaValues } from './clients.ts';
import type { Model, SchemaModels } from './prisma-models.ts';

/** How many rows the three large tables get together. */
export const LARGE_TABLE_ROWS = 60;

/** The organization whose risk factor is the largest double, which no Prisma Client can write. */
export const LARGEST_DOUBLE = { slug: 'fjord', written: 1.5e15 } as const;

/** Rows by model. */
export type ApplicationRows = ReadonlyMap<string, readonly AppRow[]>;

/**
 * The sample's rows as the objects that an application holds and hands to its Prisma Client: a Date,
 * a Decimal, a parsed JSON value, a bigint, bytes.
 */
export function applicationRows(schema: SchemaModels, values: PrismaValues): ApplicationRows {
  const tables = sampleTables(shareRows(LARGE_TABLE_ROWS));
  return new Map(
    tables.map(({ name, rows }) => {
      const model = schema.models.find(({ table }) => table === name);
      if (model === undefined) throw new Error(`the schema has no model for ${name}`);
      return [model.name, Array.from(rows, (row) => applicationRow(row, model, schema, values))];
    }),
  );
}

function applicationRow(
  stored: StoredRow,
  model: Model,
  { enums }: SchemaModels,
  values: PrismaValues,
): AppRow {
  const row = Object.fromEntries(
    model.fields.map(({ name, column, type }) => {
      const value = stored[column] ?? null;
      const label = enums.get(type)?.get(String(value));
      return [name, label ?? applicationValue(value, type, values)];
    }),
  );
  return stored['slug'] === LARGEST_DOUBLE.slug
    ? { ...row, riskFactor: LARGEST_DOUBLE.written }
    : row;
}

function applicationValue(value: StoredRow[string], type: string, prisma: PrismaValues): unknown {
  if (value === null || value === undefined) return type === 'Json' ? prisma.DbNull : null;
  switch (type) {
    case 'DateTime':
      return new Date(typeof value === 'string' ? inUtc(value) : Number(value));
    case 'Boolean':
      return value === 1;
    case 'BigInt':
      return BigInt(String(value));
    case 'Decimal':
      return new prisma.Decimal(String(value));
    case 'Json':
      return (JSON.parse(String(value)) as unknown) ?? prisma.JsonNull;
    case 'Bytes':
      return Uint8Array.from(value as Buffer);
    default:
      return value;
  }
}

/** SQLite's CURRENT_TIMESTAMP is UTC and does not say so. */
function inUtc(text: string): string {
  return text.includes('+') ? text : `${text.replace(' ', 'T')}Z`;
}

/**
 * Writes all rows, parents before children, as an application does: an organization gets its parent
 * once both are there, and one AI provider comes and goes again.
 */
export async function writeRows(
  client: Client,
  schema: SchemaModels,
  rows: ApplicationRows,
): Promise<void> {
  for (const [name, given] of rows) {
    const { delegate } = modelNamed(schema, name);
    const isTree = name === 'Organization';
    const data = isTree ? given.map((row) => ({ ...row, parentId: null })) : given;
    if (data.length > 0) await client.model(delegate).createMany({ data });
    if (!isTree) continue;
    for (const { id, parentId, updatedAt } of given.filter((row) => row['parentId'] !== null)) {
      await client.model(delegate).update({ where: { id }, data: { parentId, updatedAt } });
    }
  }
  const providers = client.model('aiProvider');
  const [provider] = rows.get('AiProvider') ?? [];
  await providers.create({ data: { ...provider, id: 5, name: 'tried and given up' } });
  await providers.delete({ where: { id: 5 } });
}

/** The model of that name. */
export function modelNamed(schema: SchemaModels, name: string): Model {
  const model = schema.models.find((candidate) => candidate.name === name);
  if (model === undefined) throw new Error(`the schema has no model ${name}`);
  return model;
}

/**
 * A row as plain values that can be compared: a Decimal as its digits, bytes as hexadecimal digits,
 * and null for both of a Json column's nulls, which a client reads alike.
 */
export function plainRow(row: AppRow, prisma: PrismaValues): AppRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, plainValue(value, prisma)]),
  );
}

function plainValue(value: unknown, prisma: PrismaValues): unknown {
  if (value === prisma.DbNull || value === prisma.JsonNull) return null;
  if (value instanceof prisma.Decimal) return value.toFixed();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value;
}
