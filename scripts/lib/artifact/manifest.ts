import * as z from 'zod';

import type { PhaseTable } from '../model/progress.ts';
import { NOT_CARRIED_KINDS, SOURCE_ENCODINGS } from '../model/source-catalog.ts';
import { COMPRESSIONS } from './compression.ts';
import { DATA_FILE_PATTERN, SCHEMA_FILE } from './paths.ts';

export const ARTIFACT_FORMAT = 'sqlite-migration-artifact';
/** Raised only when an older reader would misread the files; FORMAT.md says what each version means. */
export const FORMAT_VERSION = 1;

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')
  .describe('SHA-256 of the whole file, lower-case hexadecimal');
const count = z.number().int().nonnegative();
/** 64-bit integers are decimal text, because a JSON number loses digits in most readers. */
const int64 = z
  .string()
  .regex(/^(?:0|-?[1-9][0-9]{0,18})$/, 'must be a 64-bit integer as text')
  .refine((text) => BigInt.asIntN(64, BigInt(text)) === BigInt(text), 'must fit into 64 bits');

const columnSchema = z.object({
  name: z.string(),
  declaredType: z.string().describe("the type as declared in the source, '' when none was"),
  affinity: z.enum(['integer', 'text', 'blob', 'real', 'numeric']),
  collation: z
    .string()
    .nullable()
    .describe('the declared collation; null for one that only the application knows'),
  notNull: z.boolean(),
  default: z.string().nullable().describe('SQL expression of the default'),
  generated: z.enum(['virtual', 'stored']).nullable(),
});

const uniqueKeySchema = z.object({
  origin: z.enum(['primary-key', 'unique', 'index']),
  columns: z.array(z.object({ name: z.string(), collation: z.string() })).min(1),
});

const foreignKeySchema = z.object({
  columns: z.array(z.string()).min(1),
  parentTable: z.string(),
  parentColumns: z.array(z.string()),
  parent: z
    .enum(['exists', 'no-such-table', 'no-such-key'])
    .describe('whether the source had that table and a unique key over those columns'),
  onDelete: z.string(),
  onUpdate: z.string(),
});

const statementSchema = z.object({
  type: z.enum(['table', 'index', 'view', 'trigger']).describe('as in sqlite_schema'),
  name: z.string(),
  table: z.string().describe('the table or view that it belongs to'),
  offset: count.describe('where the statement begins in the file, in bytes'),
  sizeBytes: count.describe('without the semicolon that ends it'),
});

const tableSchema = z.object({
  name: z.string(),
  order: z.number().int().positive().describe('place in load order, from 1'),
  file: z
    .string()
    .regex(DATA_FILE_PATTERN, 'must be data/NNN-<name>.ndjson, .ndjson.gz or .ndjson.zst'),
  rowCount: count,
  sizeBytes: count.describe('size of the rows: of the file before it is compressed'),
  sha256: sha256.describe('SHA-256 of the rows: of the file before it is compressed'),
  stored: z
    .object({ compression: z.enum(COMPRESSIONS), sizeBytes: count, sha256 })
    .optional()
    .describe('of a compressed file: how, and its own size and SHA-256'),
  columns: z.array(columnSchema).min(1).describe('in the order of the keys in each line'),
  primaryKey: z.array(z.string()).describe('in key order; empty when there is none'),
  rowidAlias: z.string().nullable().describe('the INTEGER PRIMARY KEY column that is the rowid'),
  uniqueKeys: z.array(uniqueKeySchema),
  foreignKeys: z.array(foreignKeySchema),
  autoincrementMark: int64.nullable().describe('highest rowid that AUTOINCREMENT gave out'),
  autoincrementRowid: int64.optional().describe('rowid of that mark in sqlite_sequence'),
  withoutRowid: z.boolean(),
  strict: z.boolean(),
});

export const manifestSchema = z.object({
  format: z.literal(ARTIFACT_FORMAT),
  formatVersion: z.literal(FORMAT_VERSION),
  toolVersion: z.string(),
  createdAt: z.iso.datetime(),
  source: z.object({
    fileName: z.string(),
    sizeBytes: count,
    sqliteVersion: z.string(),
    pageSizeBytes: count,
    encoding: z.enum(SOURCE_ENCODINGS),
    userVersion: z.number().int(),
    applicationId: z.number().int(),
    journalMode: z.string(),
    hadWal: z.boolean().describe('a -wal file with content lay beside the database'),
    madeByPrisma: z
      .boolean()
      .describe('Prisma Migrate managed it: DateTime integers are milliseconds'),
  }),
  schema: z.object({
    file: z.literal(SCHEMA_FILE),
    sizeBytes: count,
    sha256,
    statements: z.array(statementSchema).optional().describe('where each statement of it stands'),
  }),
  tables: z.array(tableSchema),
  migrationHistory: tableSchema
    .extend({ order: z.literal(0) })
    .optional()
    .describe("Prisma's own table, kept for a restore; its rows are never loaded into a target"),
  cycles: z.array(z.array(z.string())).describe('tables that refer to each other in a cycle'),
  notCarried: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(NOT_CARRIED_KINDS),
      reason: z.string(),
    }),
  ),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestTable = Manifest['tables'][number];
export type ManifestColumn = ManifestTable['columns'][number];
export type ManifestForeignKey = ManifestTable['foreignKeys'][number];
export type SchemaStatement = z.infer<typeof statementSchema>;

/** The tables as a phase works on them, for those who watch it. */
export function phaseTables(
  tables: readonly Pick<ManifestTable, 'name' | 'rowCount' | 'sizeBytes'>[],
): PhaseTable[] {
  return tables.map(({ name, rowCount, sizeBytes }) => ({
    table: name,
    rows: rowCount,
    bytes: sizeBytes,
  }));
}

/** Every table that has a data file: the migration history, where there is one, then the others in load order. */
export function dataTables(manifest: Manifest): readonly ManifestTable[] {
  const { migrationHistory, tables } = manifest;
  return migrationHistory === undefined ? tables : [migrationHistory, ...tables];
}
