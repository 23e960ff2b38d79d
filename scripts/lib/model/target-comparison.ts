import * as z from 'zod';

import { MAX_EXAMPLES } from './findings.ts';

const rows = z.number().int().nonnegative();

const shownValueSchema = z
  .object({
    sha256: z.string().describe('first 12 hexadecimal digits of the SHA-256 of its canonical text'),
    length: z.number().int().describe('bytes of its canonical text'),
    value: z.string().optional().describe('the value; with --show-values only'),
  })
  .nullable()
  .describe('null for NULL');

const rowDifferenceSchema = z.object({
  kind: z.enum(['missing', 'extra', 'different']).describe('seen from the archive'),
  rowKey: z
    .string()
    .nullable()
    .describe('key of the row, as `column=value`; null where the table has none'),
  line: z
    .number()
    .int()
    .nullable()
    .describe('line of the row in its data file, from 1; null for a row of the target alone'),
  row: shownValueSchema.describe(
    "the whole row, as a line of COPY's text format, where the table has no key; else null",
  ),
  columns: z
    .array(
      z.object({
        column: z.string().describe('column of the target'),
        archive: shownValueSchema,
        target: shownValueSchema,
      }),
    )
    .describe('the columns that differ; empty unless the row is on both sides'),
});

const comparedTableSchema = z.object({
  source: z.string().describe('table of the source'),
  target: z.string().describe('table of the target'),
  columns: z
    .array(z.string())
    .describe("columns of the target that were compared, in the target's order"),
  key: z
    .array(z.string())
    .nullable()
    .describe('columns that tell rows apart; null: rows were counted by all their values'),
  rowsOfArchive: rows.describe('rows that the target should hold; of a sample, the rows of it'),
  rowsOfTarget: rows.describe('rows that the target holds, of a sample too'),
  rowsEqual: rows.describe('rows'),
  rowsMissing: rows.describe('rows that the target does not have'),
  rowsExtra: rows.describe('rows that only the target has; of a sample, 0'),
  rowsDifferent: rows.describe('rows on both sides of which a column differs'),
  rowsLeftOut: rows.describe('rows that the mapping leaves out'),
  where: z
    .string()
    .nullable()
    .describe(
      "the rows of the target that were compared, as SQL, by the mapping's `set`; null: all of them",
    ),
  rowsOfOthers: rows.describe('rows of the target that are not among these, and were not compared'),
  digest: z
    .object({
      archive: z.string().describe('SHA-256 of what the target should hold (FORMAT.md)'),
      target: z.string().describe('SHA-256 of what it holds'),
      sql: z.string().describe('the statement whose output has that SHA-256'),
    })
    .nullable()
    .describe('null for a sample'),
  differences: z.array(rowDifferenceSchema).describe(`the first ${MAX_EXAMPLES} rows of each kind`),
  elapsedMs: z.number().nonnegative().describe('milliseconds'),
});

/** What `verify --target` found beside the findings. */
export const targetComparisonSchema = z.object({
  target: z.string().describe('user, host, port, database and schema; never the password'),
  mappingFrom: z
    .enum(['file', 'journal', 'none'])
    .describe('where the mapping came from; journal: of the latest import of this artifact'),
  run: z.string().nullable().describe('that import; null unless the mapping is from the journal'),
  isSample: z.boolean().describe('only some rows of each table were compared'),
  sample: z
    .object({
      rows: rows.describe('rows a table'),
      seed: z.number().int().describe('chooses the same rows again, with --seed'),
    })
    .nullable()
    .describe('null: every row was compared'),
  totalRows: rows.describe('rows of the archive that were compared, of all tables'),
  tables: z.array(comparedTableSchema),
  sequences: z.array(
    z.object({
      table: z.string(),
      column: z.string(),
      sequence: z.string(),
      nextValue: z.string().describe('64-bit integer as text'),
      highestValue: z.string().nullable().describe('of the column; null when it has none'),
      isAbove: z.boolean().describe('the next value is above all of the column'),
    }),
  ),
  constraints: z
    .object({
      primaryKeys: z.number().int(),
      uniqueKeys: z.number().int(),
      foreignKeys: z.number().int(),
      checks: z.number().int(),
    })
    .describe("the schema's constraints that were looked at; what is wrong with one is a finding"),
  otherTables: z
    .array(z.object({ table: z.string(), rowCount: rows.describe('rows') }))
    .describe('tables of the target that the artifact has nothing for; not a difference'),
});

export type ShownValue = z.infer<typeof shownValueSchema>;
export type RowDifference = z.infer<typeof rowDifferenceSchema>;
export type ComparedTable = z.infer<typeof comparedTableSchema>;
export type TargetComparison = z.infer<typeof targetComparisonSchema>;

/** Whether the target holds every row of a table as it should, and no other. */
export function isEqualTable({ rowsDifferent, rowsMissing, rowsExtra }: ComparedTable): boolean {
  return rowsDifferent + rowsMissing + rowsExtra === 0;
}
