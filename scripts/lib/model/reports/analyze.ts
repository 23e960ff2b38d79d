import * as z from 'zod';

import { columnCensusSchema } from '../census.ts';
import { DECISION_KINDS } from '../decision-kinds.ts';
import { base, bytes, digest, ledger, mappingRef, notCarried, rows } from './parts.ts';

const foreignKey = z.object({
  columns: z.array(z.string()),
  parentTable: z.string(),
  parentColumns: z.array(z.string()),
  parent: z.enum(['exists', 'no-such-table', 'no-such-key']),
  onDelete: z.string(),
  onUpdate: z.string(),
});

export const analyzeReportSchema = z.object({
  ...base,
  source: z.object({
    file: z.string().describe('the source as it was given'),
    sizeBytes: bytes,
    sqliteVersion: z.string(),
    pageSizeBytes: bytes,
    encoding: z.string(),
    userVersion: z.number().int(),
    applicationId: z.number().int(),
    journalMode: z.string(),
    hadWal: z.boolean().describe('a -wal file with content lay beside the database'),
    madeByPrisma: z.boolean().describe('it has a _prisma_migrations table'),
  }),
  integrity: z.object({
    ok: z.boolean().describe('integrity_check found nothing'),
    messages: z.array(z.string()).describe('what integrity_check said, the first 100 lines'),
  }),
  totalRows: rows,
  tables: z.array(
    z.object({
      name: z.string(),
      order: z.number().int().describe('place in load order, from 1'),
      rowCount: rows,
      columns: z.array(
        z.object({
          name: z.string(),
          declaredType: z.string(),
          affinity: z.string(),
          collation: z.string().nullable(),
          notNull: z.boolean(),
          default: z.string().nullable(),
          generated: z.enum(['virtual', 'stored']).nullable(),
          census: columnCensusSchema.describe('what the column holds, every row counted'),
        }),
      ),
      primaryKey: z.array(z.string()),
      uniqueKeys: z.array(z.array(z.string())).describe('unique keys beside the primary key'),
      foreignKeys: z.array(foreignKey),
      autoincrementMark: z.string().nullable().describe('64-bit integer as text'),
      withoutRowid: z.boolean(),
      strict: z.boolean(),
      samples: z
        .array(z.string())
        .optional()
        .describe('the first rows, each as the line of the artifact would be; with --samples only'),
    }),
  ),
  loadOrder: z.array(z.string()).describe('parents before children'),
  cycles: z.array(z.array(z.string())).describe('tables that refer to each other in a cycle'),
  notCarried,
  mapping: mappingRef,
  target: z
    .object({
      name: z.string().describe('host, port, database and schema; never the password'),
      tables: z.array(
        z.object({
          source: z.string(),
          target: z.string(),
          rowCount: rows.describe('rows that would be loaded'),
          digest,
          columns: z.array(
            z.object({
              source: z.string().nullable().describe('null for a constant of the mapping'),
              target: z.string(),
              type: z.string().describe('of the target column, such as numeric(10,2)'),
            }),
          ),
        }),
      ),
      ledger,
    })
    .nullable()
    .describe('what an import into this target would do; null without --target'),
  draft: z
    .object({
      folder: z.string().describe('as it was given'),
      files: z
        .array(
          z.object({
            path: z.string().describe('in the folder'),
            state: z.enum(['written', 'unchanged', 'kept']),
          }),
        )
        .describe('kept: it differs from the draft, and was not to be overwritten'),
      migration: z.string().nullable().describe('name of the first migration; null for none'),
      models: z.number().int(),
      enums: z.number().int(),
      relations: z.number().int(),
      decisions: z
        .array(
          z.object({
            kind: z.enum(DECISION_KINDS),
            table: z.string().describe('table, view or trigger of the source'),
            columns: z.array(z.string()),
            text: z.string(),
            sql: z.string().optional().describe('what the source says'),
            rowKeys: z.array(z.string()).describe('rows to look at, each by its primary key'),
          }),
        )
        .describe('what a person should look at'),
    })
    .nullable()
    .describe('the drafted Prisma schema; null without --draft'),
});

export type AnalyzeReport = z.infer<typeof analyzeReportSchema>;
