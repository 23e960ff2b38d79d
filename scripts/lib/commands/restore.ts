import { openArtifact, type Artifact } from '../artifact/reader.ts';
import type { ManifestTable } from '../artifact/manifest.ts';
import { checkArtifact } from '../check/artifact.ts';
import { dependenciesOf } from '../mapping/describe-dependencies.ts';
import { FindingCollector, type Finding } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import type { CommandResult } from '../model/reports/parts.ts';
import type { ImportReport } from '../model/reports/import.ts';
import { restoreDatabase, type RestoredDatabase } from '../restore/restore-database.ts';
import { TargetFile } from '../restore/target-file.ts';

export interface RestoreOptions {
  readonly artifact: string;
  /** The path of the SQLite file to make. */
  readonly file: string;
  /** Build and prove it, then throw it away. */
  readonly dryRun: boolean;
}

type RestoreResult = CommandResult<ImportReport>;

/**
 * Makes a SQLite database of an artifact alone, proves that it holds what the artifact holds, and
 * only then gives it its name. What the source's rows broke (foreign keys, unique keys, CHECKs) is
 * restored as it was, and reported as warnings.
 *
 * @throws ToolkitError of kind `artifact` when there is no sound artifact, of kind `target` when the
 * file exists, cannot be written, or would not be that of the artifact; nothing is left then
 */
export async function restoreArtifact(
  options: RestoreOptions,
  context: CommandContext,
): Promise<RestoreResult> {
  const artifact = await openArtifact(options.artifact, context);
  try {
    const target = await TargetFile.choose(options.file);
    context.progress.note('checking the artifact before anything is written');
    const checked = new FindingCollector();
    await checkArtifact(artifact, checked, context);
    if (checked.hasBlockingOf('integrity')) return report(options, artifact, checked.list(), null);
    const warnings = checked.list().map(asWarning);
    context.progress.note(
      `restoring into ${labelOf(options)}${options.dryRun ? ' to try it; the file is removed again' : ''}`,
    );
    const restored = await restoreInto(target, artifact, options, context);
    const isBlocked = restored.findings.some(({ severity }) => severity === 'blocking');
    const findings = [...restored.findings, ...warnings];
    return report(options, artifact, findings, isBlocked ? null : restored);
  } finally {
    await artifact.close();
  }
}

async function restoreInto(
  target: TargetFile,
  artifact: Artifact,
  { dryRun }: RestoreOptions,
  context: CommandContext,
): Promise<RestoredDatabase> {
  try {
    const restored = await restoreDatabase({ artifact, target, context });
    const isBlocked = restored.findings.some(({ severity }) => severity === 'blocking');
    if (!dryRun && !isBlocked) await target.publish();
    await target.discard();
    return restored;
  } catch (error) {
    throw await target.discardAfter(target.asTargetError(error));
  }
}

/** What the source's rows broke does not keep them from being restored. */
function asWarning(finding: Finding): Finding {
  if (finding.severity !== 'blocking') return finding;
  return {
    ...finding,
    severity: 'warning',
    hint: 'nothing for now: they are restored as they were',
  };
}

function labelOf({ file }: RestoreOptions): string {
  return `sqlite:${file}`;
}

/** @param restored null when nothing was made */
function report(
  options: RestoreOptions,
  artifact: Artifact,
  findings: readonly Finding[],
  restored: RestoredDatabase | null,
): RestoreResult {
  const { tables } = artifact.manifest;
  const all = new FindingCollector();
  for (const finding of findings) all.addCounted(finding, finding.total, finding.examples);
  const state = restored === null ? 'not-loaded' : options.dryRun ? 'rolled-back' : 'committed';
  return {
    artifact: { path: artifact.path, id: artifact.id },
    target: labelOf(options),
    dryRun: options.dryRun,
    totalRows: restored === null ? 0 : tables.reduce((sum, table) => sum + table.rowCount, 0),
    totalBytes: restored === null ? 0 : tables.reduce((sum, table) => sum + table.sizeBytes, 0),
    run: null,
    migrations: [],
    mapping: null,
    ledger: [],
    tables: tables.map((table) => ({
      source: table.name,
      target: table.name,
      state,
      rowCount: restored === null ? 0 : table.rowCount,
      digest: null,
      rowsLeftOut: 0,
      rowsBefore: 0,
      rowsAfter: restored === null ? null : table.rowCount,
      sizeBytes: table.sizeBytes,
      sequences: restored === null ? [] : marksOf(table),
      startedAt: restored?.times.get(table.name)?.startedAt ?? null,
      job: restored === null ? null : 1,
      elapsedMs: restored?.times.get(table.name)?.elapsedMs ?? 0,
    })),
    dependencies: dependenciesOf(tables),
    findings: all.list(),
  };
}

/** AUTOINCREMENT's mark as a sequence: SQLite keeps all of them in one table. */
function marksOf({
  rowidAlias,
  autoincrementMark,
}: ManifestTable): RestoreResult['tables'][number]['sequences'] {
  if (rowidAlias === null || autoincrementMark === null) return [];
  const nextValue = BigInt(autoincrementMark) + 1n;
  // After the highest rowid there is, SQLite gives out no other.
  if (BigInt.asIntN(64, nextValue) !== nextValue) return [];
  return [{ column: rowidAlias, sequence: 'sqlite_sequence', nextValue: nextValue.toString() }];
}
