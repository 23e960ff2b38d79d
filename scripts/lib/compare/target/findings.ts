import type { FindingCollector, FindingExample, FindingHead } from '../../model/findings.ts';
import type { ComparedTable, RowDifference, ShownValue } from '../../model/target-comparison.ts';

type Kind = RowDifference['kind'];

const HEADS: Readonly<Record<Kind, Pick<FindingHead, 'code' | 'message' | 'hint'>>> = {
  missing: {
    code: 'row-missing',
    message: 'rows of the archive are not in the target',
    hint: 'if nobody deleted them since the import, load the table again (import --truncate --tables)',
  },
  extra: {
    code: 'row-extra',
    message: 'rows of the target are not in the archive',
    hint: 'they came after the import, or were there before it (--append): look them up by their keys',
  },
  different: {
    code: 'row-different',
    message: 'rows are not what the archive holds',
    hint: 'see the values with --show-values; if nobody changed them since the import, load the table again',
  },
};

const CODES: ReadonlySet<string> = new Set([
  ...Object.values(HEADS).map(({ code }) => code),
  'row-count-different',
  'sequence-behind',
]);

/** Whether a finding speaks of what the target holds, and not of the archive. */
export function isTargetDifference(code: string): boolean {
  return CODES.has(code);
}

/** Reports what differs in a table, with exact totals and the first rows of each kind. */
export function reportTable(
  table: ComparedTable,
  rowsExpected: number,
  findings: FindingCollector,
): void {
  const totals: Readonly<Record<Kind, number>> = {
    different: table.rowsDifferent,
    missing: table.rowsMissing,
    extra: table.rowsExtra,
  };
  for (const kind of ['different', 'missing', 'extra'] as const) {
    if (totals[kind] === 0) continue;
    const examples = table.differences
      .filter((difference) => difference.kind === kind)
      .map((difference) => exampleOf(difference));
    findings.addCounted({ ...headOf(table), ...HEADS[kind] }, totals[kind], examples);
  }
  const isSample = table.digest === null;
  if (isSample && table.rowsOfTarget !== rowsExpected) {
    findings.add({
      ...headOf(table),
      code: 'row-count-different',
      message: `the target holds ${table.rowsOfTarget} rows, the archive has ${rowsExpected} for it`,
      hint: 'compare every row: the same command without --sample',
    });
  }
}

function headOf({ target }: ComparedTable): Pick<FindingHead, 'severity' | 'kind' | 'where'> {
  return { severity: 'blocking', kind: 'data', where: { table: target } };
}

function exampleOf({ rowKey, line, row, columns }: RowDifference): FindingExample {
  const detail = [
    ...(row === null ? [] : [`the row is ${describe(row)}`]),
    ...columns.map(
      ({ column, archive, target }) =>
        `${column} is ${describe(target)} and was ${describe(archive)}`,
    ),
  ].join('; ');
  return {
    ...(rowKey === null ? {} : { rowKey }),
    ...(line === null ? {} : { line }),
    ...(detail === '' ? {} : { detail }),
  };
}

function describe(shown: ShownValue): string {
  if (shown === null) return 'NULL';
  const { sha256, length, value } = shown;
  return value === undefined
    ? `${length} ${length === 1 ? 'byte' : 'bytes'} (SHA-256 ${sha256}…)`
    : JSON.stringify(value);
}
