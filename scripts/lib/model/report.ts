import { z } from 'zod';

import { columnCensusSchema } from './census.ts';
import { findingSchema, placeSchema } from './findings.ts';
import { ledgerEntrySchema } from './ledger.ts';
import { NOT_CARRIED_KINDS } from './source-catalog.ts';

const rows = z.number().int().nonnegative().describe('rows');
const bytes = z.number().int().nonnegative().describe('bytes');
const elapsedMs = z.number().nonnegative().describe('milliseconds');

/** What every report begins with. */
const base = {
  command: z.string().describe('the script that wrote the report'),
  toolVersion: z.string(),
  startedAt: z.iso.datetime().describe('UTC'),
  elapsedMs,
  exitCode: z.number().int().describe('the exit code of the script'),
  findings: z.array(findingSchema).describe('what was found in the data, blocking ones first'),
};

export const errorSchema = z.object({
  kind: z
    .enum(['usage', 'source', 'artifact', 'target', 'target-schema', 'interrupted', 'bug'])
    .describe('whose matter it is; decides the exit code'),
  code: z.string().describe('stable name of the error'),
  message: z.string(),
  where: placeSchema,
  hint: z.string().optional().describe('what to do next'),
});

/** What `--json` prints when a script could not do its work. */
export const errorReportSchema = z.object({
  command: base.command,
  toolVersion: base.toolVersion,
  startedAt: base.startedAt,
  elapsedMs,
  exitCode: base.exitCode,
  error: errorSchema,
});

const artifactRef = z.object({
  path: z.string().describe('the folder or the single file, as it was given'),
  id: z.string().describe('SHA-256 of manifest.json'),
});

const mappingRef = z
  .object({
    file: z.string().describe('the mapping file, as it was given'),
    sha256: z.string().describe('SHA-256 of its content as JSON with sorted keys'),
  })
  .nullable()
  .describe('null without --mapping');

const ledger = z
  .array(ledgerEntrySchema)
  .describe('what the mapping changed or left out on purpose, beyond what the types ask for');

const notCarried = z
  .array(z.object({ name: z.string(), kind: z.enum(NOT_CARRIED_KINDS), reason: z.string() }))
  .describe('what the artifact leaves out, and why');

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
});

export const exportReportSchema = z.object({
  ...base,
  source: z.string().describe('the source, or the artifact of --from, as it was given'),
  artifact: artifactRef,
  totalRows: rows,
  totalBytes: bytes.describe('bytes of all data files'),
  tables: z.array(
    z.object({
      name: z.string(),
      file: z.string(),
      rowCount: rows,
      sizeBytes: bytes,
      sha256: z.string(),
      elapsedMs,
    }),
  ),
  notCarried,
});

export const verifyReportSchema = z.object({
  ...base,
  artifact: artifactRef,
  totalRows: rows,
  totalBytes: bytes.describe('bytes of all data files'),
  foreignKeys: z.number().int().describe('foreign keys that were checked'),
  mapping: mappingRef,
  ledger,
  tables: z.array(
    z.object({
      name: z.string(),
      rowCount: rows.describe('lines in the file'),
      sizeBytes: bytes,
      sha256: z
        .string()
        .nullable()
        .describe('of the file as it is; null when it could not be read'),
      elapsedMs,
    }),
  ),
});

const sequence = z.object({
  column: z.string(),
  sequence: z.string(),
  nextValue: z.string().describe('64-bit integer as text'),
});

export const importReportSchema = z.object({
  ...base,
  artifact: artifactRef,
  target: z
    .string()
    .describe('host, port, database and schema, never the password; or sqlite: and the file'),
  dryRun: z.boolean().describe('everything was rolled back'),
  totalRows: rows.describe('rows loaded'),
  failure: errorSchema
    .optional()
    .describe('what stopped the load after the checks; the tables say what is committed'),
  migrations: z.array(z.string()).describe("Prisma's migrations that the target has applied"),
  mapping: mappingRef,
  ledger,
  tables: z.array(
    z.object({
      source: z.string(),
      target: z.string(),
      state: z
        .enum(['committed', 'rolled-back', 'not-loaded', 'emptied'])
        .describe(
          'rolled-back also stands for every table of a dry run; emptied: by --truncate with a table that it refers to, and not loaded since',
        ),
      rowCount: rows.describe('rows copied'),
      rowsLeftOut: rows.describe('rows that the mapping leaves out'),
      rowsBefore: rows.describe('rows that the target table held before'),
      rowsAfter: rows
        .nullable()
        .describe('rows that the target table held at the end; null when not loaded'),
      sizeBytes: bytes.describe('bytes of the data file'),
      sequences: z
        .array(sequence)
        .describe('sequences and identities that were set; of SQLite the AUTOINCREMENT marks'),
      elapsedMs,
    }),
  ),
});

export const sampleReportSchema = z.object({
  ...base,
  file: z.string(),
  sizeBytes: bytes,
  tables: z.array(z.object({ name: z.string(), rowCount: rows })),
});

export const rehearseReportSchema = z.object({
  ...base,
  artifact: z.string().nullable().describe('the artifact; null when none was made'),
  server: z
    .object({ label: z.string().describe('host, port and database'), isKept: z.boolean() })
    .nullable()
    .describe('the embedded PostgreSQL; null after --stop'),
  steps: z.array(
    z.object({
      command: z.string().describe('the command line, as a person would type it'),
      exitCode: z.number().int(),
      elapsedMs,
    }),
  ),
});

export type SampleReport = z.infer<typeof sampleReportSchema>;
export type RehearseReport = z.infer<typeof rehearseReportSchema>;
export type AnalyzeReport = z.infer<typeof analyzeReportSchema>;
export type ExportReport = z.infer<typeof exportReportSchema>;
export type VerifyReport = z.infer<typeof verifyReportSchema>;
export type ImportReport = z.infer<typeof importReportSchema>;

/** The parts that `lib/cli` adds to what a command returns. */
export type ReportEnvelope = 'command' | 'toolVersion' | 'startedAt' | 'elapsedMs' | 'exitCode';
export type CommandResult<Report extends { findings: unknown }> = Omit<Report, ReportEnvelope>;
