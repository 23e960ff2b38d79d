import * as z from 'zod';

import { MAX_EXAMPLES } from './findings.ts';

const rows = z.number().int().nonnegative();
const examples = `the first ${MAX_EXAMPLES}`;

/** How many characters of a value are shown at most. */
export const MAX_VALUE_CHARACTERS = 200;

const comparedValueSchema = z.object({
  storageClass: z.enum(['null', 'integer', 'real', 'text', 'blob']),
  length: z
    .number()
    .int()
    .nullable()
    .describe('characters of a text, bytes of a BLOB or of malformed text; null for all others'),
  sha256: z
    .string()
    .describe('the first 12 digits of the SHA-256 of the value as the artifact writes it'),
  value: z
    .string()
    .optional()
    .describe(
      `the value as the artifact writes it, its first ${MAX_VALUE_CHARACTERS} characters; with --show-values only`,
    ),
});

const rowExampleSchema = z.object({
  rowKey: z.string().optional().describe('primary key of the row, as `column=value`'),
  line: z
    .number()
    .int()
    .optional()
    .describe(
      'of a row without a key: its line in the data file, or in the one that an export would write now',
    ),
  times: z.number().int().describe('how often the row is there more than on the other side'),
  row: z
    .string()
    .optional()
    .describe(
      `of a row without a key: its line, the first ${MAX_VALUE_CHARACTERS} characters; with --show-values only`,
    ),
});

const changedRowSchema = z.object({
  rowKey: z.string(),
  columns: z.array(
    z.object({ name: z.string(), before: comparedValueSchema, after: comparedValueSchema }),
  ),
});

const tableDigestSchema = z
  .object({
    rowCount: rows.describe('rows'),
    sha256: z
      .string()
      .describe('SHA-256 of the data file, or of the one that an export would write'),
  })
  .nullable()
  .describe('null when the table is not there');

const rowFigures = {
  rowsEqual: rows.describe('rows that are the same on both sides'),
  rowsAdded: rows.describe('rows that only the later side has'),
  rowsRemoved: rows.describe('rows that only the earlier side has'),
  rowsChanged: rows.describe('rows with the same primary key and another value somewhere'),
};

const tableComparisonSchema = z.object({
  name: z.string(),
  state: z
    .enum(['equal', 'different', 'added', 'removed', 'not-compared'])
    .describe('of the rows; not-compared: the export left the table out on one side'),
  comparedBy: z
    .enum(['sha256', 'key', 'whole-rows'])
    .nullable()
    .describe(
      'sha256: both data files are the same; whole-rows: without a common primary key, so that no row counts as changed; null when there was nothing to compare with',
    ),
  before: tableDigestSchema,
  after: tableDigestSchema,
  ...rowFigures,
  columns: z
    .array(z.object({ name: z.string(), rowsChanged: rows }))
    .describe('the columns in which rows changed, and in how many rows'),
  added: z.array(rowExampleSchema).describe(examples),
  removed: z.array(rowExampleSchema).describe(examples),
  changed: z.array(changedRowSchema).describe(examples),
  elapsedMs: z.number().nonnegative().describe('milliseconds'),
});

const schemaDifferenceSchema = z.object({
  kind: z.enum([
    'database',
    'table',
    'column',
    'column-order',
    'primary-key',
    'unique-key',
    'foreign-key',
    'table-option',
    'autoincrement',
    'definition',
    'index',
    'view',
    'trigger',
  ]),
  table: z.string().nullable().describe('the table that it belongs to; null when to none'),
  name: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  before: z.string().nullable().describe('what it was; null when it was not there'),
  after: z.string().nullable().describe('what it is; null when it is gone'),
});

/** Two states of a database compared, the earlier one called before and the later one after. */
export const comparisonSchema = z.object({
  isEqual: z.boolean().describe('no difference in any table that was compared, nor in the schema'),
  ...rowFigures,
  schema: z.array(schemaDifferenceSchema).describe('what differs in the schema, all of it'),
  tables: z.array(tableComparisonSchema),
});

export type Comparison = z.infer<typeof comparisonSchema>;
export type TableComparison = z.infer<typeof tableComparisonSchema>;
export type SchemaDifference = z.infer<typeof schemaDifferenceSchema>;
export type ComparedValue = z.infer<typeof comparedValueSchema>;
export type RowExample = z.infer<typeof rowExampleSchema>;
export type ChangedRow = z.infer<typeof changedRowSchema>;
