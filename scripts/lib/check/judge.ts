import { needsWholeRows } from '../mapping/line-writer.ts';
import { isOutward } from '../mapping/outward-references.ts';
import type { ColumnPlan, TablePlan } from '../mapping/plan.ts';
import { answerReference, describeLoss, type LostReference } from '../mapping/references.ts';
import { rowConverter, type ConvertedRow, type RowListener } from '../mapping/row.ts';
import type { ManifestForeignKey } from '../artifact/manifest.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { FindingCollector, FindingHead } from '../model/findings.ts';
import type { Ledger } from '../model/ledger.ts';
import { describeValue } from '../model/row-key.ts';
import type { Row } from '../model/values.ts';
import type { MisfitCode } from '../value/convert/converter.ts';
import { REMEMBERS_NOTHING, type LostRows } from './lost-rows.ts';

type Trouble = MisfitCode | 'value-null';

const MESSAGES: Readonly<Record<Trouble, string>> = {
  'value-class': 'values are of a storage class that the target type does not take',
  'value-range': 'values are out of range for the target type',
  'value-format': 'values are not in a form that the target type takes',
  'value-length': 'values are longer than the target column takes',
  'value-precision': 'values would lose digits in the target type',
  'value-nul': 'text holds a character that PostgreSQL cannot store',
  'value-encoding': 'text is not valid in the encoding of the database',
  'value-label': 'values are no label of the target enum',
  'value-unit': 'numbers stand for times in an unknown unit',
  'value-null': 'NULL stands where the target column requires a value',
};

/** What to do next: in the source, in the Prisma schema, in the mapping. */
const HINTS: Readonly<Record<Trouble, string>> = {
  'value-class':
    'mend them in the source, or in the mapping convert them (values, text, json, base64, hex) or let a policy answer (null, skip_row)',
  'value-range':
    'mend them in the source, give the field a larger type, or let a policy of the mapping answer (null, skip_row)',
  'value-format':
    'mend them in the source, or in the mapping convert them (values, trim, empty_to_null, date_format, uuid_v5 …) or let a policy answer (null, skip_row)',
  'value-length':
    'mend them in the source, let the field take more, or let a policy of the mapping answer (truncate, null, skip_row)',
  'value-precision':
    'mend them in the source, give the field a finer type, or let a policy of the mapping answer (round, truncate, null, skip_row)',
  'value-nul':
    'mend them in the source, or let a policy of the mapping answer (strip_nul, replace_invalid_utf8, null, skip_row)',
  'value-encoding':
    'mend them in the source, or let a policy of the mapping answer (replace_invalid_utf8, null, skip_row)',
  'value-label':
    'mend them in the source, add the label to the enum, or convert them in the mapping ("convert": {"values": {"old": "NEW"}})',
  'value-unit':
    'say the unit in the mapping ("convert": "epoch_s", "epoch_ms", "epoch_us" or "julian_day"), or mend them in the source',
  'value-null':
    'mend them in the source, make the field optional, or say in the mapping what NULL becomes ("convert": {"if_null": …})',
};

/** Where a row stands: its key, as far as it has one, and its line in the data file. */
export interface RowPlace {
  readonly rowKey?: string;
  readonly line?: number;
}

export interface JudgeOptions {
  readonly plan: TablePlan<PlannedTable>;
  readonly findings: FindingCollector;
  readonly ledger: Ledger;
  readonly lostRows: LostRows;
}

/** Judges the rows of one table. */
export interface RowJudge {
  /** Tries a row; gives its values as the target would get them, or null when it is left out. */
  readonly look: (row: Row, place: RowPlace) => ConvertedRow | null;
  /**
   * Whether it matters that a foreign key of the row just looked at has a parent in the source: the row
   * is loaded, the key with it, no policy of the mapping answers, and no other source brings the parent.
   */
  readonly needsParent: (key: Pick<ManifestForeignKey, 'columns'>) => boolean;
  /** The same of a row of which it is known that it is loaded. */
  readonly isUnanswered: (key: Pick<ManifestForeignKey, 'columns'>) => boolean;
  /** Nothing but each value for itself decides what becomes of a row. */
  readonly isByValue: boolean;
}

/**
 * Tries every value of a row on its target column and reports each one that will not fit, before
 * anything is written. What the mapping changes goes to the ledger.
 */
export function rowJudge(options: JudgeOptions): RowJudge {
  const { plan, findings, ledger, lostRows } = options;
  const table = plan.source.name;
  let place: RowPlace = {};
  const headOf = headMaker(plan);
  const listener: RowListener = {
    changed: (column, change, detail) =>
      ledger.add(table, sourceName(column), change, withDetail(place, detail)),
    leftOut: (change, column, detail) => {
      const name = column === null ? null : sourceName(column);
      ledger.add(table, name, change, withDetail(place, detail));
    },
    misfit: (column, value, { code, reason }) =>
      findings.add(headOf(column, code), { ...place, detail: `${describeValue(value)} ${reason}` }),
    nullRefused: (column) => findings.add(headOf(column, 'value-null'), place),
    orphaned: (reference) => {
      findings.add(orphanedHead(plan, reference), { ...place, detail: describeLoss(reference) });
    },
  };
  const lostReferences = lostRows.referencesOf(plan);
  const convert = rowConverter(plan, listener, lostReferences);
  const record = lostRows.recorderOf(plan);
  const isUnanswered: RowJudge['isUnanswered'] = ({ columns }) =>
    !isOutward(plan, columns) && answerReference(plan, columns)?.kind === 'none';
  let isLoaded = true;
  return {
    look: (row, rowPlace) => {
      place = rowPlace;
      const values = convert(row);
      isLoaded = values !== null;
      record(row, !isLoaded);
      return values;
    },
    needsParent: (key) => isLoaded && isUnanswered(key),
    isUnanswered,
    isByValue: record === REMEMBERS_NOTHING && !needsWholeRows(plan, lostReferences),
  };
}

function withDetail(place: RowPlace, detail: string | undefined): RowPlace & { detail?: string } {
  return detail === undefined ? place : { ...place, detail };
}

function sourceName(column: ColumnPlan): string {
  return column.source?.name ?? column.target.name;
}

type HeadMaker = (column: ColumnPlan, code: MisfitCode | 'value-null') => FindingHead;

function headMaker(plan: TablePlan<PlannedTable>): HeadMaker {
  const heads = new Map<string, FindingHead>();
  return (column, code) => {
    const key = `${column.target.name} ${code}`;
    const head = heads.get(key) ?? {
      code,
      severity: 'blocking',
      kind: 'data',
      message: `${MESSAGES[code]} (${plan.target.name}.${column.target.name} ${column.target.type.display})`,
      where: placeOf(plan, sourceName(column)),
      hint: HINTS[code],
    };
    heads.set(key, head);
    return head;
  };
}

function orphanedHead(
  plan: TablePlan<PlannedTable>,
  { columns, parentTable }: LostReference,
): FindingHead {
  return {
    code: 'parent-left-out',
    severity: 'blocking',
    kind: 'data',
    message: `rows refer to rows of ${parentTable} that the mapping leaves out`,
    where: placeOf(plan, columns.join(', ')),
    hint: 'give a column of the reference a policy in the mapping: skip_row leaves these rows out too, null cuts the reference',
  };
}

function placeOf({ source }: TablePlan<PlannedTable>, column: string): FindingHead['where'] {
  const { name: table, file } = source;
  return { table, column, ...(file === undefined ? {} : { file }) };
}
