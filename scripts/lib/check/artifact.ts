import { performance } from 'node:perf_hooks';

import { dataTables, phaseTables, type ManifestTable } from '../artifact/manifest.ts';
import { MANIFEST_FILE, SCHEMA_FILE } from '../artifact/paths.ts';
import { rowsFile, type Artifact } from '../artifact/reader.ts';
import type { ColumnFacts } from '../model/column-facts.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import { checkDataFile, checkDigest, checkFileList, hashFile, readChecksums } from './files.ts';
import { ForeignKeyCheck, type RowWatcher } from './foreign-keys.ts';
import { asTemporarySpaceError } from './key-set.ts';
import { checkTable } from './table.ts';

/**
 * How much is looked at. Of files that passed the whole check before, `unchanged` finds out whether they
 * are still the same: all but the order of rows and the foreign keys, which the SHA-256 vouches for then.
 * `rows` leaves the files of the tables unhashed too, which whoever loads them has to do, and unread
 * where the watcher says that nothing of them is open.
 */
export type CheckDepth = 'whole' | 'unchanged' | 'rows';

/** What was read of one table, as it is in the files (not as the manifest says). */
export interface CheckedTable {
  readonly name: string;
  readonly rowCount: number;
  readonly sizeBytes: number;
  readonly sha256: string | null;
  readonly elapsedMs: number;
  /** What was learned of its columns, where that was asked for. */
  readonly columns?: ColumnFacts[];
}

/**
 * Checks a whole artifact in one pass over its bytes: files, sizes, SHA-256, row counts, the form of
 * every line, key order and uniqueness, and every foreign key. Faults go to `findings`; all are found,
 * not the first only. The migration history is checked as every table is, and is none of the result.
 *
 * @param watch more to look at in each row of a table, while it passes
 */
export async function checkArtifact(
  artifact: Artifact,
  findings: FindingCollector,
  context: CommandContext,
  watch: (table: ManifestTable) => RowWatcher | undefined = () => undefined,
  depth: CheckDepth = 'whole',
): Promise<CheckedTable[]> {
  const readable = await checkFileList(artifact, findings);
  const checksums = await readChecksums(artifact, readable, findings);
  checkDigest(MANIFEST_FILE, artifact.id, { checksums: checksums.get(MANIFEST_FILE) }, findings);
  if (readable.has(SCHEMA_FILE)) {
    const sha256 = await hashFile(artifact, SCHEMA_FILE, context.signal);
    const stated = {
      checksums: checksums.get(SCHEMA_FILE),
      manifest: artifact.manifest.schema.sha256,
    };
    checkDigest(SCHEMA_FILE, sha256, stated, findings);
  }
  const foreignKeys =
    depth === 'whole'
      ? new ForeignKeyCheck(artifact.manifest, findings, context.keyMemoryBytes)
      : null;
  const isHashed = depth !== 'rows';
  try {
    const checked: CheckedTable[] = [];
    const tables = dataTables(artifact.manifest);
    context.progress.plan?.('check', phaseTables(tables));
    for (const table of tables) {
      const startedAt = performance.now();
      const subject = { phase: 'check', table: table.name } as const;
      const activity = context.progress.start(table.name, table.rowCount, subject);
      const isHistory = table === artifact.manifest.migrationHistory;
      const watcher = isHistory ? undefined : watch(table);
      // What becomes of a row decides whether its foreign keys matter.
      const watchKeys = foreignKeys?.watch(table, watcher?.needsParent) ?? null;
      const isSettled = depth === 'rows' && watcher?.isSettled === true;
      if (isSettled) activity.advance(table.rowCount, table.sizeBytes);
      const facts =
        readable.has(rowsFile(artifact, table).file) && !isSettled
          ? await checkTable({
              artifact,
              table,
              findings,
              watcher,
              watchKeys,
              isHashed,
              activity,
              signal: context.signal,
            })
          : undefined;
      activity.done();
      if (facts !== undefined && isHashed) {
        checkDataFile(artifact, table, facts, checksums, findings);
      }
      if (isHistory) continue;
      checked.push({
        name: table.name,
        rowCount: facts?.lineCount ?? 0,
        sizeBytes: facts?.sizeBytes ?? 0,
        sha256: isHashed ? (facts?.sha256 ?? null) : null,
        elapsedMs: Math.round(performance.now() - startedAt),
      });
    }
    foreignKeys?.finish();
    return checked;
  } catch (error) {
    throw asTemporarySpaceError(error);
  } finally {
    foreignKeys?.close();
  }
}
