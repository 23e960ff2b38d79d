import { z } from 'zod';

import { CHECKS_VERSION } from '../model/checks.ts';
import { listReports, readReport, type ReportFile } from './kept-reports.ts';
import type { Artifact } from './reader.ts';

/** That an artifact was verified: by which version of the toolkit, and when. */
export interface VerifiedRecord {
  readonly toolVersion: string;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
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
 * It says nothing of the files as they are now: whoever relies on it has to hash what it reads. Reports
 * are covered by no checksum; who may write one may as well write another artifact.
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

async function passedRecord(
  file: ReportFile,
  { id, manifest }: Artifact,
): Promise<VerifiedRecord | null> {
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
  return isWhole ? { toolVersion: report.toolVersion, startedAt: report.startedAt } : null;
}
