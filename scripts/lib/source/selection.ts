import { ToolkitError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import type { NotCarried, SourceTable } from '../model/source-catalog.ts';
import { foldName } from './names.ts';

export interface TableChoice {
  readonly tables?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/**
 * Applies `--tables` and `--exclude`; names are compared as SQLite does, without regard to ASCII case.
 *
 * @throws ToolkitError of kind `usage` for a name that is no table of the source
 */
export function chooseTables(
  all: readonly SourceTable[],
  choice: TableChoice,
): { readonly tables: readonly SourceTable[]; readonly excluded: readonly NotCarried[] } {
  const only = resolveNames(all, choice.tables, '--tables');
  const without = resolveNames(all, choice.exclude, '--exclude');
  const excluded: NotCarried[] = [];
  const tables = all.filter(({ name }) => {
    const reason = without?.has(name)
      ? 'named by --exclude'
      : only !== undefined && !only.has(name)
        ? 'not named by --tables'
        : undefined;
    if (reason !== undefined) excluded.push({ name, kind: 'excluded', reason });
    return reason === undefined;
  });
  return { tables, excluded };
}

function resolveNames(
  all: readonly SourceTable[],
  names: readonly string[] | undefined,
  flag: string,
): ReadonlySet<string> | undefined {
  if (names === undefined) return undefined;
  return new Set(
    names.map((name) => {
      const found = all.find((table) => foldName(table.name) === foldName(name));
      if (found !== undefined) return found.name;
      const suggestion = nearest(
        name,
        all.map((table) => table.name),
      );
      throw new ToolkitError({
        kind: 'usage',
        code: 'no-such-table',
        message: `${flag} names a table that the source does not have: ${name}`,
        hint: suggestion === undefined ? 'analyze lists the tables' : `did you mean ${suggestion}?`,
      });
    }),
  );
}
