import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeSource } from '../../scripts/lib/commands/analyze.ts';
import type { DraftOptions } from '../../scripts/lib/commands/draft.ts';
import { verifyArtifact } from '../../scripts/lib/commands/verify.ts';
import type { Finding } from '../../scripts/lib/model/findings.ts';
import type { AnalyzeReport } from '../../scripts/lib/model/reports/analyze.ts';
import type { CommandResult } from '../../scripts/lib/model/reports/parts.ts';
import { quietContext } from './artifact.ts';
import { compareInProcess } from './comparison.ts';
import type { TestDatabase } from './database.ts';
import { exportArtifact, importInProcess } from './in-process.ts';
import { createMigratedDatabase } from './migrated-database.ts';

type Draft = NonNullable<AnalyzeReport['draft']>;

/** A draft that was written, with its files. */
export interface DraftedFolder {
  readonly folder: string;
  readonly report: CommandResult<AnalyzeReport>;
  readonly draft: Draft;
  readonly schema: string;
  readonly mapping: unknown;
  /** DRAFT.md. */
  readonly text: string;
  /** The first migration; empty without. */
  readonly migration: string;
}

/** Drafts a schema for a SQLite file, without a process of its own but Prisma's. */
export async function draftInProcess(
  source: string,
  folder: string,
  options: Partial<DraftOptions> = {},
): Promise<DraftedFolder> {
  const draft = { folder, force: false, migration: true, snakeCase: false, ...options };
  const report = await analyzeSource({ source, samples: 0, env: {}, draft }, quietContext);
  if (report.draft === null) throw new Error('Nothing was drafted.');
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const { migration } = report.draft;
  return {
    folder,
    report,
    draft: report.draft,
    schema: read('schema.prisma'),
    mapping: JSON.parse(read('mapping.json')) as unknown,
    text: read('DRAFT.md'),
    migration: migration === null ? '' : read(`migrations/${migration}/migration.sql`),
  };
}

/** What a move by a draft came to. */
export interface Moved {
  readonly database: TestDatabase;
  readonly artifact: string;
  /** Blocking findings of verify, import and the comparison with the target, each as `stage code: message`. */
  readonly troubles: readonly string[];
  readonly totalRows: number;
}

/** Deploys the migration of a draft, exports, verifies, imports with its mapping, and compares every value. */
export async function moveByDraft(source: string, { folder }: DraftedFolder): Promise<Moved> {
  const database = await createMigratedDatabase(join(folder, 'migrations'));
  const mapping = join(folder, 'mapping.json');
  const artifact = await exportArtifact(source, join(folder, 'artifact'));
  const verified = await verifyArtifact({ artifact, mapping }, quietContext);
  const imported = await importInProcess(artifact, database.url, { mapping });
  const { error } = imported;
  const failure = error === undefined ? [] : [`import ${error.code}: ${error.message}`];
  const troubles = [
    ...blocking('verify', verified.findings),
    ...blocking('import', imported.findings),
    ...failure,
  ];
  if (troubles.length > 0) return { database, artifact, troubles, totalRows: 0 };
  const compared = await compareInProcess(artifact, database.url, { mapping });
  return {
    database,
    artifact,
    troubles: [...blocking('compare', compared.findings), ...compared.differences],
    totalRows: compared.comparison.totalRows,
  };
}

function blocking(stage: string, findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity }) => severity === 'blocking')
    .map(({ code, message, where, examples }) => {
      const example = examples[0]?.detail ?? '';
      return `${stage} ${code}: ${message} ${JSON.stringify(where)} ${example}`;
    });
}
