import type {
  ChangedRow,
  ComparedValue,
  Comparison,
  RowExample,
  SchemaDifference,
  TableComparison,
} from '../../model/archive-comparison.ts';
import type { FindingCollector, FindingExample } from '../../model/findings.ts';

/** What a comparison is called where it speaks of the two sides. */
export interface ComparisonWords {
  readonly added: string;
  readonly removed: string;
  readonly changed: string;
  readonly schema: string;
  /** What to do about a difference. */
  readonly hint: string;
}

/** Against another artifact, which was taken before. */
export const AGAINST_BASELINE: ComparisonWords = {
  added: 'rows are in the artifact and not in the baseline',
  removed: 'rows of the baseline are not in the artifact',
  changed: 'rows have other values than in the baseline',
  schema: "the schema is not the baseline's",
  hint: 'rehearse again with this artifact, unless you expected the difference',
};

/** Against the database that was exported, as it is now. */
export const AGAINST_SOURCE: ComparisonWords = {
  added: 'rows were added to the source since the export',
  removed: 'rows are gone from the source since the export',
  changed: 'rows of the source have other values since the export',
  schema: 'the schema of the source changed since the export',
  hint: 'export again once nothing writes to the source',
};

/** Whether a finding of this code says that two sides differ, and not that one is damaged. */
export function isDifferenceCode(code: string): boolean {
  return ['rows-added', 'rows-removed', 'rows-changed', 'schema-differs'].includes(code);
}

/** Reports every difference: what differs in a table is one finding of each kind, counted exactly. */
export function reportDifferences(
  comparison: Comparison,
  words: ComparisonWords,
  findings: FindingCollector,
): void {
  for (const table of comparison.tables) reportTable(table, words, findings);
  if (comparison.schema.length === 0) return;
  findings.addCounted(
    {
      code: 'schema-differs',
      severity: 'blocking',
      kind: 'structure',
      message: words.schema,
      where: {},
      hint: words.hint,
    },
    comparison.schema.length,
    comparison.schema.map((difference) => ({ detail: describeSchemaDifference(difference) })),
  );
}

function reportTable(
  table: TableComparison,
  words: ComparisonWords,
  findings: FindingCollector,
): void {
  const where = { table: table.name };
  const common = { severity: 'blocking', kind: 'data', where, hint: words.hint } as const;
  const parts = [
    [{ code: 'rows-added', message: words.added }, table.rowsAdded, table.added.map(describeRow)],
    [
      { code: 'rows-removed', message: words.removed },
      table.rowsRemoved,
      table.removed.map(describeRow),
    ],
    [
      { code: 'rows-changed', message: words.changed },
      table.rowsChanged,
      table.changed.map(describeChange),
    ],
  ] as const;
  for (const [head, total, examples] of parts) {
    if (total > 0) findings.addCounted({ ...common, ...head }, total, examples);
  }
  if (table.state !== 'not-compared') return;
  findings.add({
    code: 'table-not-compared',
    severity: 'warning',
    kind: 'data',
    message: 'the rows of a table were not compared: an export left it out, or no column is common',
    where,
    hint: 'an artifact of the whole database has every table: export without --tables and --exclude',
  });
}

function describeRow({ rowKey, line, times, row }: RowExample): FindingExample {
  const details = [...(times === 1 ? [] : [`${times} times`]), ...(row === undefined ? [] : [row])];
  return {
    ...(rowKey === undefined ? {} : { rowKey }),
    ...(line === undefined ? {} : { line }),
    ...(details.length === 0 ? {} : { detail: details.join(': ') }),
  };
}

function describeChange({ rowKey, columns }: ChangedRow): FindingExample {
  const changes = columns.map(
    ({ name, before, after }) => `${name}: ${describeValue(before)} → ${describeValue(after)}`,
  );
  return { rowKey, detail: changes.join('; ') };
}

function describeValue({ storageClass, length, sha256, value }: ComparedValue): string {
  if (value !== undefined) return value;
  if (storageClass === 'null') return 'NULL';
  const size = length === null ? '' : ` of length ${length}`;
  return `${storageClass.toUpperCase()}${size} (SHA-256 ${sha256}…)`;
}

/** `column users.age: INTEGER → TEXT`, `view recent added`. */
export function describeSchemaDifference(difference: SchemaDifference): string {
  const { kind, table, name, change, before, after } = difference;
  const head = `${headOf(kind, name)}${table === null ? '' : ` of ${table}`}`;
  // A definition may be long; the report has it.
  const isShort = table !== null || kind === 'database';
  if (change !== 'changed') {
    const text = isShort ? (after ?? before ?? '') : '';
    return `${head} ${change}${text === '' ? '' : `: ${text}`}`;
  }
  return isShort ? `${head}: ${before ?? ''} → ${after ?? ''}` : `${head} changed`;
}

function headOf(kind: SchemaDifference['kind'], name: string): string {
  switch (kind) {
    case 'database':
    case 'primary-key':
      return name;
    case 'column-order':
      return 'order of the columns';
    case 'autoincrement':
      return `${name} mark`;
    case 'table-option':
      return `option ${name}`;
    case 'unique-key':
      return `unique key ${name}`;
    case 'foreign-key':
      return `foreign key ${name}`;
    case 'definition':
      return `definition of table ${name}`;
    case 'table':
    case 'column':
    case 'index':
    case 'view':
    case 'trigger':
      return `${kind} ${name}`;
    default:
      return kind satisfies never;
  }
}
