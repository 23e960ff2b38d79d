import { lstat } from 'node:fs/promises';

import * as z from 'zod';

import { columnFactsSchema, type ColumnFacts } from '../model/column-facts.ts';
import { CHECKS_VERSION } from '../model/checks.ts';
import { listReports, readReport, type ReportFile } from './kept-reports.ts';
import { rowsFile, type Artifact } from './reader.ts';

/** That an artifact was verified: by which version of the toolkit, and when. */
export interface VerifiedRecord {
  readonly toolVersion: string;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  /**
   * By table, what it learned of the columns, in their order; without tables of which it kept nothing,
   * and those whose file was written since.
   */
  readonly factsOf: ReadonlyMap<string, readonly ColumnFacts[]>;
}

/** What the report of a verification says that read the whole artifact and found nothing. */
const passedSchema = z.object({
  command: z.literal('verify'),
  toolVersion: z.string(),
  startedAt: z.iso.datetime(),
  exitCode: z.literal(0),
  checks: z.literal(CHECKS_VERSION),
  artifact: z.object({ id: z.string() }),
  // A mapping may leave rows out, whose foreign keys then do not matter.
  mapping: z.null(),
  comparison: z.null(),
  findings: z.tuple([]),
  tables: z.array(
    z.object({
      name: z.string(),
      rowCount: z.number(),
      sizeBytes: z.number(),
      sha256: z.string().nullable(),
      columns: z.array(columnFactsSchema).optional(),
    }),
  ),
  error: z.never().optional(),
  failure: z.never().optional(),
});

/**
 * What the newest kept report of a plain `verify` proves: that these very files, named by the SHA-256
 * that the manifest has of each, were checked by this version's checks and nothing was found. Null in
 * every other case, as when that verification was of another artifact, was stopped or found anything.
 *
 * With it comes what that verification learned of the columns. The record says nothing of the files as
 * they are now: whoever relies on it has to hash what it reads. Reports are covered by no checksum; who
 * may write one may as well write another artifact.
 */
export async function readVerifiedRecord(artifact: Artifact): Promise<VerifiedRecord | null> {
  const reports = await newestReports(artifact.path);
  let newest: VerifiedRecord | null = null;
  for (const report of reports) {
    const record = await passedRecord(report, artifact);
    if (record === null) return null;
    if (newest === null || record.startedAt >= newest.startedAt) newest = record;
  }
  return newest;
}

/** Those of the last second in which a verification began; a folder that cannot be read has none. */
async function newestReports(path: string): Promise<readonly ReportFile[]> {
  const all = await listReports(path).catch(() => []);
  const ofVerify = all.filter(({ named }) => named?.stage === 'verify');
  const last = ofVerify.reduce((time, { named }) => {
    const own = named?.time ?? '';
    return own > time ? own : time;
  }, '');
  return ofVerify.filter(({ named }) => named?.time === last);
}

async function passedRecord(file: ReportFile, artifact: Artifact): Promise<VerifiedRecord | null> {
  const { id, manifest } = artifact;
  const text = await readReport(file).catch(() => null);
  const { data: report } = passedSchema.safeParse(text);
  if (report === undefined || report.artifact.id !== id) return null;
  const isWhole =
    report.tables.length === manifest.tables.length &&
    manifest.tables.every((table, index) => {
      const checked = report.tables[index];
      return (
        checked?.name === table.name &&
        checked.rowCount === table.rowCount &&
        checked.sizeBytes === table.sizeBytes &&
        checked.sha256 === table.sha256
      );
    });
  if (!isWhole) return null;
  const { toolVersion, startedAt } = report;
  return { toolVersion, startedAt, factsOf: await factsByTable(report, artifact) };
}

/**
 * Facts are taken where there are some of each of the table's columns, and nothing shows that its file
 * was written since. They spare a look at the file before the load, not that the load hashes it.
 */
async function factsByTable(
  { tables, startedAt }: z.infer<typeof passedSchema>,
  artifact: Artifact,
): Promise<Map<string, readonly ColumnFacts[]>> {
  const facts = new Map<string, readonly ColumnFacts[]>();
  for (const [index, table] of artifact.manifest.tables.entries()) {
    const { name, columns } = table;
    const ofTable = tables[index]?.columns ?? [];
    const areWhole =
      ofTable.length === columns.length &&
      columns.every((column, at) => ofTable[at]?.name === column.name);
    const isOlder =
      areWhole && (await wasWrittenBefore(artifact, rowsFile(artifact, table).path, startedAt));
    if (isOlder) facts.set(name, ofTable);
  }
  return facts;
}

/** A single file was unpacked just now: what counts is when it was written itself. */
async function wasWrittenBefore(artifact: Artifact, path: string, time: string): Promise<boolean> {
  const whole = await lstat(artifact.path).catch(() => null);
  const written = whole?.isFile() === true ? whole : await lstat(path).catch(() => null);
  return written !== null && written.mtimeMs <= Date.parse(time);
}
