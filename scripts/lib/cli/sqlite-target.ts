import { ToolkitError } from '../model/errors.ts';
import type { ImportReport } from '../model/reports/import.ts';
import { flagName } from './command-line.ts';
import { formatDuration, formatPlural } from './format.ts';

const SCHEME = 'sqlite:';

/**
 * The path of `sqlite:restored.db`, also written `sqlite:///absolute/path`.
 *
 * @returns null for a target that is no SQLite database
 * @throws ToolkitError of kind `usage` when no file is named
 */
export function sqliteTargetPath(target: string): string | null {
  if (!target.startsWith(SCHEME)) return null;
  const path = target.slice(SCHEME.length).replace(/^\/\/(?:localhost(?=\/))?/, '');
  if (path === '' || path === ':memory:' || path.endsWith('/'))
    throw usageError(`--target ${target} names no file: say sqlite:FILE`);
  return path;
}

/**
 * Refuses the flags that mean nothing for a SQLite target.
 *
 * @param given the values of these flags, by name in camelCase; undefined or false when absent
 * @throws ToolkitError of kind `usage` that names each
 */
export function refuseWithSqlite(given: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(given).filter(
    (name) => given[name] !== undefined && given[name] !== false,
  );
  if (names.length === 0) return;
  const flags = names.map(flagName).join(', ');
  throw usageError(`a restore makes a new SQLite file as the source was: without ${flags}`);
}

function usageError(message: string): ToolkitError {
  return new ToolkitError({ kind: 'usage', code: 'usage', message });
}

export function isSqliteTarget(report: ImportReport): boolean {
  return report.target.startsWith(SCHEME);
}

/** The last line of a restore's summary. */
export function describeRestore(report: ImportReport): string {
  if (report.exitCode !== 0) return `nothing was written to ${report.target}`;
  const size = `${formatPlural(report.tables.length, 'table')}, ${formatPlural(report.totalRows, 'row')}`;
  const proof = "every table's SHA-256 is that of the artifact";
  const time = formatDuration(report.elapsedMs);
  return report.dryRun
    ? `dry run: ${size} would be restored into ${report.target}; ${proof}; the file was removed again, in ${time}`
    : `${size} restored into ${report.target} in ${time}; ${proof}`;
}
