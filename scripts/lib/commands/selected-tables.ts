import type { Artifact } from '../artifact/reader.ts';
import { ToolkitError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import { foldName } from '../source/names.ts';
import type { AppliedMapping } from './apply-mapping.ts';

/**
 * The tables of the artifact that an import selects, each once and sorted, so that the same choice is
 * the same import. Names are compared as SQLite does, without regard to ASCII case.
 *
 * @returns undefined when no choice was made
 * @throws ToolkitError of kind `usage` for a name that the artifact does not have, or of a table that
 * the mapping leaves out
 */
export function selectTables(
  names: readonly string[] | undefined,
  { manifest }: Artifact,
  mapping: AppliedMapping | null,
): readonly string[] | undefined {
  if (names === undefined) return undefined;
  const known = manifest.tables.map((table) => table.name);
  const found = names.map((name) => {
    const table = known.find((candidate) => foldName(candidate) === foldName(name));
    if (table !== undefined) return table;
    const near = nearest(name, known);
    throw noSuchTable(
      `--tables names a table that the artifact does not have: ${name}`,
      near === undefined ? 'verify lists the tables' : `did you mean ${near}?`,
    );
  });
  const skipped = found.find((name) => mapping?.tables.get(name)?.skip !== undefined);
  if (skipped !== undefined) {
    throw noSuchTable(
      `--tables names a table that the mapping leaves out: ${skipped}`,
      'leave it out of --tables, or take its skip out of the mapping',
    );
  }
  return [...new Set(found)].toSorted();
}

function noSuchTable(message: string, hint: string): ToolkitError {
  return new ToolkitError({ kind: 'usage', code: 'no-such-table', message, hint });
}
