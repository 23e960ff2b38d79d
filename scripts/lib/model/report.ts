import * as z from 'zod';

import { artifactStorySchema } from './artifact-story.ts';
import { comparisonSchema } from './archive-comparison.ts';
import { benchmarkSchema } from './benchmark.ts';
import { columnCensusSchema } from './census.ts';
import { columnFactsSchema } from './column-facts.ts';
import { dependenciesSchema } from './dependencies.ts';
import { findingSchema, placeSchema } from './findings.ts';
import { ledgerEntrySchema } from './ledger.ts';
import { judgedBySchema } from './judged-by.ts';
import { DECISION_KINDS } from './decision-kinds.ts';
import { proofSchema } from './proof.ts';
import { NOT_CARRIED_KINDS } from './source-catalog.ts';
import { targetComparisonSchema } from './target-comparison.ts';

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
  peakMemoryBytes: bytes.describe('the most memory that the process had (resident set)'),
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

const artifactRef = z.object({
  path: z.string().describe('the folder or the single file, as it was given'),
  id: z.string().describe('SHA-256 of manifest.json'),
});

/** What `--json` prints when a script could not do its work. */
export const errorReportSchema = z.object({
  command: base.command,
  toolVersion: base.toolVersion,
  startedAt: base.startedAt,
  elapsedMs,
  exitCode: base.exitCode,
  peakMemoryBytes: base.peakMemoryBytes,
  artifact: artifactRef.optional().describe('absent when none was opened'),
  error: errorSchema,
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

const digest = z
  .string()
  .nullable()
  .describe(
    "the table's digest in the target (FORMAT.md, Table digest), before it is loaded; null where its rows have no key, or do not come in the order of the key",
  );

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
      sizeBytes: bytes.describe('bytes of the rows'),
      sha256: z.string().describe('of the rows'),
      stored: z
        .object({ compression: z.string(), sizeBytes: bytes, sha256: z.string() })
        .optional()
        .describe('of a compressed file: how, and its own size and SHA-256'),
      elapsedMs,
    }),
  ),
  dependencies: dependenciesSchema,
  notCarried,
});

const prismaClientSchema = z.object({
  path: z.string().describe('the client, as it was given'),
  rowsPerModel: z.number().int().describe('rows that were read of each model at most'),
  models: z.array(
    z.object({
      model: z.string(),
      table: z.string(),
      rowCount: rows.nullable().describe('null when the table could not be counted'),
      rowsRead: rows,
      isReadable: z.boolean().describe('nothing that was read failed'),
    }),
  ),
});

export const verifyReportSchema = z.object({
  ...base,
  artifact: artifactRef,
  checks: z
    .number()
    .int()
    .describe(
      'raised by a version of the toolkit that checks more of an artifact than those before',
    ),
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
      columns: z
        .array(columnFactsSchema)
        .optional()
        .describe(
          'what all values of each column have in common, by which import decides that they fit without reading them again; of a plain verify only',
        ),
    }),
  ),
  reliesOn: z
    .object({
      startedAt: z.iso.datetime().describe('UTC'),
      toolVersion: z.string(),
    })
    .nullable()
    .optional()
    .describe(
      'the verification that the order of the rows and the foreign keys were taken from, as every file still has the SHA-256 that it had then; null where all was checked now; with --target only',
    ),
  dependencies: dependenciesSchema,
  comparison: targetComparisonSchema
    .nullable()
    .describe(
      'what the target holds beside the artifact; null without --target, and for a damaged artifact',
    ),
  againstSource: comparisonSchema
    .extend({ source: z.string().describe('the SQLite file, as it was given'), elapsedMs })
    .optional()
    .describe(
      'what changed in the source since the export: before is the artifact, after the source as it is now; with --against-source only',
    ),
  baseline: comparisonSchema
    .extend({
      artifact: artifactRef.describe('the baseline'),
      createdAt: z.iso.datetime().describe('when the baseline was taken, UTC'),
      elapsedMs,
    })
    .optional()
    .describe(
      'what differs from another artifact: before is that one, after the one that is verified; with --baseline only',
    ),
  prismaClient: prismaClientSchema
    .optional()
    .describe('what the application would read; absent without --prisma-client'),
  proof: proofSchema
    .optional()
    .describe(
      'the SHA-256s of source, archive and target side by side; absent where neither the source nor the whole target was compared',
    ),
  story: artifactStorySchema
    .optional()
    .describe('what the kept reports say, as --summary prints it; with --html only'),
});

/** What `verify --summary` prints. */
const {
  artifact: checkedArtifact,
  totalRows,
  totalBytes,
  foreignKeys,
  tables,
} = verifyReportSchema.shape;

export const verifyTogetherReportSchema = z.object({
  ...base,
  artifacts: z
    .array(
      z.object({
        artifact: checkedArtifact,
        totalRows,
        totalBytes,
        foreignKeys,
        mapping: mappingRef,
        ledger,
        tables,
      }),
    )
    .describe('in the order in which they were named'),
  totalRows: rows.describe('rows of all artifacts'),
  totalBytes: bytes.describe('bytes of all data files of all artifacts'),
  references: z
    .array(
      z.object({
        artifact: z.string().describe('the artifact that refers, as it was given'),
        table: z.string(),
        columns: z.array(z.string()),
        parentTable: z.string().describe('table of the target'),
        key: z.array(z.string()).describe('columns of the parent table'),
        broughtBy: z
          .array(z.string())
          .describe('the artifacts that bring rows of the parent table; empty: it was not checked'),
      }),
    )
    .describe('the references that the mappings name'),
});

export const verifySummaryReportSchema = z.object({
  ...base,
  artifact: artifactRef,
  ...artifactStorySchema.shape,
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
  run: z
    .object({
      id: z.string().describe("the run in the target's journal"),
      isResumed: z.boolean().describe('it goes on with a run that was begun before'),
    })
    .nullable()
    .describe('null when nothing was begun: a dry run, a restore, or findings that stopped it'),
  totalRows: rows.describe('rows loaded'),
  totalBytes: bytes.describe('bytes of the data files of the tables that were loaded'),
  failure: errorSchema
    .optional()
    .describe('what stopped the load after the checks; the tables say what is committed'),
  verifiedAt: z.iso
    .datetime()
    .nullable()
    .optional()
    .describe(
      'when the verification began that this import relied on, UTC: it checked the values, and the SHA-256 of each file while it loaded; null where it checked the artifact as a whole',
    ),
  migrations: z.array(z.string()).describe("Prisma's migrations that the target has applied"),
  mapping: mappingRef,
  ledger,
  tables: z.array(
    z.object({
      source: z.string(),
      target: z.string(),
      judgedBy: judgedBySchema.nullable().optional(),
      state: z
        .enum(['committed', 'done-before', 'rolled-back', 'not-loaded', 'emptied', 'unknown'])
        .describe(
          'done-before: committed by an earlier attempt of the run; rolled-back also stands for every table of a dry run; emptied: by --truncate with a table that it refers to, and not loaded since; unknown: the connection died in the commit and the target could not be asked',
        ),
      rowCount: rows.describe('rows copied'),
      digest,
      rowsLeftOut: rows.describe('rows that the mapping leaves out'),
      rowsBefore: rows.describe('rows that the target table held before'),
      rowsAfter: rows
        .nullable()
        .describe('rows that the target table held at the end; null when not loaded'),
      sizeBytes: bytes.describe('bytes of the data file'),
      sequences: z
        .array(sequence)
        .describe('sequences and identities that were set; of SQLite the AUTOINCREMENT marks'),
      startedAt: z.iso
        .datetime()
        .nullable()
        .describe('when this import began to load it, UTC; null when it did not'),
      job: z
        .number()
        .int()
        .nullable()
        .describe('which of the sessions that load side by side, from 1; null when none did'),
      elapsedMs,
    }),
  ),
  dependencies: dependenciesSchema.describe("of the target's tables"),
});

const time = z.iso.datetime().describe('UTC');

export const importStatusReportSchema = z.object({
  ...base,
  action: z.enum(['status', 'rollback', 'forget']).describe('what was asked for'),
  target: z.string().describe('host, port and database; never the password'),
  sessions: z
    .array(
      z.object({
        schema: z.string(),
        pid: z.number().int().describe('process of the server'),
        user: z.string(),
        application: z.string(),
        address: z.string(),
        since: z.string().describe('when it connected'),
      }),
    )
    .describe('imports that are at work: what they load is in runs, once their checks are over'),
  takenBack: z
    .array(
      z.object({
        target: z.string(),
        rowCount: rows.describe('rows that were removed'),
        rowsLeft: rows.describe('rows that stayed'),
      }),
    )
    .describe('what a rollback removed, by table; empty where it was refused'),
  runs: z.array(
    z.object({
      runId: z.string(),
      state: z
        .enum(['running', 'interrupted', 'stopped', 'done', 'abandoned', 'rolled-back'])
        .describe(
          'interrupted: the process is gone without a word; stopped: it ended with an error; abandoned: another was begun with --restart',
        ),
      schema: z.string().describe('schema of the target'),
      artifact: artifactRef,
      mappingSha256: z.string().nullable(),
      toolVersion: z.string(),
      host: z.string().describe('machine that ran the import'),
      osUser: z.string(),
      databaseUser: z.string(),
      processId: z.number().int(),
      attempts: z.number().int().describe('how often it was begun or gone on with'),
      startedAt: time,
      resumedAt: time.nullable(),
      endedAt: time.nullable(),
      error: errorSchema.nullable().describe('what stopped it'),
      progress: z
        .object({
          tablesDone: z.number().int(),
          rowsDone: rows,
          rowsExpected: rows,
          rowsPerSecond: z.number().nonnegative(),
          secondsLeft: z.number().nullable(),
        })
        .nullable()
        .describe('null unless it is running'),
      tables: z.array(
        z.object({
          source: z.string(),
          target: z.string(),
          state: z
            .enum(['pending', 'loading', 'checking', 'done', 'rolled-back'])
            .describe('checking: all rows are copied, and not committed yet'),
          rowsExpected: rows,
          rowsLoaded: rows.describe('rows so far'),
          rowsEmptied: rows.describe('rows that --truncate was to empty; they do not come back'),
          rowsLeftOut: rows.describe('rows that the mapping leaves out'),
          sizeBytes: bytes.describe('bytes of the data file'),
          sha256: z.string().describe('of the data file'),
          digest,
          elapsedMs: elapsedMs.nullable(),
          endedAt: time.nullable(),
          error: errorSchema.nullable(),
        }),
      ),
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

export const benchReportSchema = z.object({
  ...base,
  ...benchmarkSchema.shape,
  failure: errorSchema.optional().describe('why the chart could not be written'),
});

export type BenchReport = z.infer<typeof benchReportSchema>;

export const serveReportSchema = z.object({
  ...base,
  url: z.string().describe('where the page was'),
  targets: z.array(z.string()).describe('names of the targets that were configured'),
});

export type ServeReport = z.infer<typeof serveReportSchema>;
export type SampleReport = z.infer<typeof sampleReportSchema>;
export type RehearseReport = z.infer<typeof rehearseReportSchema>;
export type AnalyzeReport = z.infer<typeof analyzeReportSchema>;
export type ExportReport = z.infer<typeof exportReportSchema>;
export type VerifyReport = z.infer<typeof verifyReportSchema>;
export type VerifyTogetherReport = z.infer<typeof verifyTogetherReportSchema>;
export type VerifySummaryReport = z.infer<typeof verifySummaryReportSchema>;
export type ImportReport = z.infer<typeof importReportSchema>;
export type ImportStatusReport = z.infer<typeof importStatusReportSchema>;

/** The parts that `lib/cli` adds to what a command returns. */
export type ReportEnvelope =
  'command' | 'toolVersion' | 'startedAt' | 'elapsedMs' | 'exitCode' | 'peakMemoryBytes';
export type CommandResult<Report extends { findings: unknown }> = Omit<Report, ReportEnvelope>;
