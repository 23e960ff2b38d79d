import { join } from 'node:path';
import Database from 'better-sqlite3';
import { verifyAgainstArchives } from '../../scripts/lib/commands/verify-archives.ts';
import { verifyArtifact, type VerifyResult } from '../../scripts/lib/commands/verify.ts';
import type {
  ChangedRow,
  Comparison,
  TableComparison,
} from '../../scripts/lib/model/archive-comparison.ts';
import type { CommandContext } from '../../scripts/lib/model/progress.ts';
import { quietContext } from './artifact.ts';
import { exportArtifact } from './in-process.ts';
import { sqliteFile } from './sqlite.ts';

/** What an artifact is compared with. */
interface Others {
  readonly baseline?: string;
  readonly againstSource?: string;
  readonly showValues?: boolean;
}

/** Verifies an artifact and compares it, without a process of its own. */
export async function verifyAgainst(
  artifact: string,
  others: Others,
  context: CommandContext = quietContext,
): Promise<VerifyResult> {
  return verifyAgainstArchives(
    { artifact, showValues: false, ...others },
    async () => verifyArtifact({ artifact }, context),
    context,
  );
}

/** Runs SQL on a SQLite file. */
export function changeFile(file: string, sql: string): void {
  const db = new Database(file);
  db.pragma('foreign_keys = OFF');
  db.exec(sql);
  db.close();
}

/** The same change of a database, seen in two ways. */
export interface SeenChange {
  readonly againstSource: Comparison;
  readonly againstBaseline: Comparison;
}

let count = 0;

/**
 * Makes a database, exports it, changes it, and compares: the artifact with the changed database, and
 * an artifact of that with the first one.
 */
export async function seeChange(
  folder: string,
  sql: string,
  change: (file: string) => void,
  showValues = false,
): Promise<SeenChange> {
  const name = `change-${++count}`;
  const file = sqliteFile(join(folder, `${name}.db`), sql);
  const first = await exportArtifact(file, join(folder, `${name}-first`));
  change(file);
  const second = await exportArtifact(file, join(folder, `${name}-second`));
  const { againstSource } = await verifyAgainst(first, { againstSource: file, showValues });
  const { baseline } = await verifyAgainst(second, { baseline: first, showValues });
  if (againstSource === undefined || baseline === undefined)
    throw new Error('nothing was compared');
  return { againstSource, againstBaseline: baseline };
}

/** The figures of a table: rows that are equal, added, removed and changed. */
export function figuresOf(comparison: Comparison, name: string): readonly number[] {
  const { rowsEqual, rowsAdded, rowsRemoved, rowsChanged } = tableIn(comparison, name);
  return [rowsEqual, rowsAdded, rowsRemoved, rowsChanged];
}

export function tableIn(comparison: Comparison, name: string): TableComparison {
  const table = comparison.tables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new Error(`the comparison has no table ${name}`);
  return table;
}

/** `id=1: v: before → after`, a line for each changed row that is shown with its values. */
export function describeChanged(changed: readonly ChangedRow[]): string[] {
  return changed.map(({ rowKey, columns }) => {
    const parts = columns.map(
      ({ name, before, after }) => `${name}: ${before.value ?? ''} → ${after.value ?? ''}`,
    );
    return `${rowKey}: ${parts.join('; ')}`;
  });
}
