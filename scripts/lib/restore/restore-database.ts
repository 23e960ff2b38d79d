import Database from 'better-sqlite3';

import { dataTables } from '../artifact/manifest.ts';
import type { Artifact } from '../artifact/reader.ts';
import { ToolkitError, type Place } from '../model/errors.ts';
import { FindingCollector, type Finding } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import { openSource } from '../source/open.ts';
import { buildDatabase, type Built } from './build.ts';
import {
  findDifferingTables,
  findOtherDifference,
  firstDifferingLine,
  type Proof,
} from './proof.ts';
import { readStatements, type Statement } from './statements.ts';
import { findDamage } from './soundness.ts';
import type { TargetFile } from './target-file.ts';

export interface RestoreJob {
  readonly artifact: Artifact;
  readonly target: TargetFile;
  readonly context: CommandContext;
}

export interface RestoredDatabase {
  readonly findings: readonly Finding[];
  /** When each table began to be filled and how long that took, by name. */
  readonly times: Built['times'];
}

/**
 * Builds the database at the target's hidden path and proves it: read back, every table has the
 * SHA-256 of the artifact, and everything else is as the artifact says. A table whose values its own
 * definition would change is filled without it, in a second build. With a blocking finding nothing
 * is proven.
 *
 * @throws ToolkitError of kind `target` when the database is not that of the artifact
 */
export async function restoreDatabase(job: RestoreJob): Promise<RestoredDatabase> {
  const { artifact, target, context } = job;
  const statements = await readStatements(artifact);
  let loose: ReadonlySet<string> = new Set();
  for (;;) {
    const findings = new FindingCollector();
    const build = { artifact, statements, path: target.partialPath, loose, findings, context };
    await target.create();
    const built = await buildDatabase(build);
    const restored = { times: built.times, findings: findings.list() };
    if (findings.hasBlocking) return restored;
    const differing = await prove(job, { loose, statements, built });
    if (differing.length === 0) {
      await finish(job, findings);
      return { ...restored, findings: findings.list() };
    }
    context.progress.note(`building again, with ${differing.join(', ')} as the source had it`);
    loose = new Set([...loose, ...differing]);
    await target.discard();
  }
}

interface Attempt {
  readonly loose: ReadonlySet<string>;
  readonly statements: readonly Statement[];
  readonly built: Built;
}

/** @returns the tables that have to be filled without their definitions; none when all is proven */
async function prove(job: RestoreJob, attempt: Attempt): Promise<readonly string[]> {
  const restored = openSource(job.target.partialPath);
  const proof: Proof = { restored, artifact: job.artifact, context: job.context };
  try {
    const differing = await findDifferingTables(proof);
    const hopeless = differing.find((name) => attempt.loose.has(name));
    if (hopeless !== undefined) throw await tableDiffers(proof, hopeless);
    if (differing.length > 0) return differing;
    const wanted = attempt.statements.filter((statement) => !attempt.built.leftOut.has(statement));
    const fault = findOtherDifference(proof, wanted);
    if (fault !== undefined) throw restoreDiffers(fault, {});
    return [];
  } finally {
    restored.close();
  }
}

async function tableDiffers(proof: Proof, name: string): Promise<ToolkitError> {
  const table = dataTables(proof.artifact.manifest).find((candidate) => candidate.name === name);
  const line = table === undefined ? undefined : await firstDifferingLine(proof, table);
  return restoreDiffers('read back, the table does not have the SHA-256 of its data file', {
    table: name,
    file: table?.file,
    line,
  });
}

function restoreDiffers(fault: string, where: Place): ToolkitError {
  return new ToolkitError({
    kind: 'target',
    code: 'restore-differs',
    message: `the restored database would not be that of the artifact: ${fault}`,
    where,
    hint: 'run verify; if the artifact is sound, please report this',
  });
}

/** The last two things that need a connection that may write. */
async function finish(
  { artifact, target, context }: RestoreJob,
  findings: FindingCollector,
): Promise<void> {
  const db = new Database(target.partialPath);
  try {
    const damage = await findDamage(db, artifact.manifest, findings, context);
    if (damage !== undefined) throw restoreDiffers(`integrity_check says: ${damage}`, {});
    // Of the journal modes only WAL belongs to the file: https://www.sqlite.org/wal.html#persistence_of_wal_mode
    if (artifact.manifest.source.journalMode === 'wal') db.pragma('journal_mode = WAL');
  } finally {
    db.close();
  }
}
