import type { ManifestTable } from '../artifact/manifest.ts';
import type { TablePlan } from '../mapping/plan.ts';
import type { LostReferences } from '../mapping/references.ts';
import { rowConverter, type ConvertedRow } from '../mapping/row.ts';
import { ToolkitError } from '../model/errors.ts';
import { describeValue, rowKeyDescriber } from '../model/row-key.ts';
import type { Row } from '../model/values.ts';

const TRY_AGAIN = 'let nothing write to the artifact, run verify, then import again';

/** The error for a file that is not the one that was checked. */
export function changedSinceCheck({ name, file }: ManifestTable): ToolkitError {
  return new ToolkitError({
    kind: 'artifact',
    code: 'artifact-changed',
    message:
      'the file changed since it was checked: its rows or SHA-256 are not those of the manifest',
    where: { table: name, file },
    hint: TRY_AGAIN,
  });
}

const ignore = (): void => undefined;

/**
 * Makes the function that gives what is loaded of a row, or null when the mapping leaves it out.
 * Every value was judged before the load began.
 *
 * @throws ToolkitError of kind `artifact` for a value that does not fit: the file is another one now
 */
export function loadedRow(
  plan: TablePlan,
  lostReferences: LostReferences,
): (row: Row) => ConvertedRow | null {
  const { name, file, columns, primaryKey } = plan.source;
  const describeRow = rowKeyDescriber(
    columns.map((column) => column.name),
    primaryKey,
  );
  let current: Row = [];
  const fail = (column: string | undefined, reason: string): never => {
    const rowKey = describeRow(current);
    throw new ToolkitError({
      kind: 'artifact',
      code: 'artifact-changed',
      message: `a value does not fit that did when it was checked: ${reason}`,
      where: {
        table: name,
        file,
        ...(column === undefined ? {} : { column }),
        ...(rowKey === undefined ? {} : { rowKey }),
      },
      hint: TRY_AGAIN,
    });
  };
  const convert = rowConverter(
    plan,
    {
      changed: ignore,
      leftOut: ignore,
      misfit: ({ source }, value, { reason }) =>
        fail(source?.name, `${describeValue(value)} ${reason}`),
      nullRefused: ({ source, target }) => fail(source?.name, `NULL in ${target.name}`),
      orphaned: ({ columns: names, parentTable }) =>
        fail(names.join(', '), `its parent in ${parentTable} is left out`),
    },
    lostReferences,
  );
  return (row) => {
    current = row;
    return convert(row);
  };
}
