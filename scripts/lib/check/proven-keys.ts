import type { ColumnPlan, TablePlan } from '../mapping/plan.ts';
import type { ManifestForeignKey } from '../artifact/manifest.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { TargetForeignKey, TargetUniqueKey } from '../model/target-catalog.ts';
import { columnRule } from './key-set.ts';

const INTEGERS: ReadonlySet<string> = new Set(['int2', 'int4', 'int8']);
/** Types that any 64-bit integer keeps its own text in. */
const DIGITS: ReadonlySet<string> = new Set([...INTEGERS, 'numeric', 'text', 'varchar']);
const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar']);
const TEXT_LIKE: ReadonlySet<string> = new Set([...TEXTS, 'bpchar', 'citext', 'uuid', 'bytea']);
const BYTES: ReadonlySet<string> = new Set(['uuid', 'bytea']);

/**
 * Whether a unique key of the source already rules out that two rows have the same key in the
 * target: all its columns go into the target's key, and no two of their values become one.
 */
export function isProvenUnique(plan: TablePlan<PlannedTable>, key: TargetUniqueKey): boolean {
  const apart = new Map(
    plan.columns
      .filter((column) => key.columns.includes(column.target.name) && keepsApart(plan, column))
      .map((column) => [column.source?.name, column]),
  );
  return plan.source.uniqueKeys.some(({ columns }) =>
    columns.every(({ name }) => {
      const column = apart.get(name);
      // To SQLite two NULLs are two values.
      return column !== undefined && (key.nullsDistinct || column.target.notNull);
    }),
  );
}

/**
 * Whether values that differ in the source differ in the target, whatever collation the source
 * tells them apart by: none calls equal bytes different.
 */
function keepsApart(
  { source: table }: TablePlan<PlannedTable>,
  { source, target, isPlain }: ColumnPlan,
): boolean {
  if (source === null || !isPlain) return false;
  const { kind, name } = target.type;
  if (source.affinity === 'text') {
    return kind === 'enum' || (TEXTS.has(name) && !target.hasNondeterministicCollation);
  }
  if (kind !== 'base') return false;
  return source.name === table.rowidAlias
    ? DIGITS.has(name)
    : source.affinity === 'integer' && INTEGERS.has(name);
}

/** The foreign key of the source that holds between the same columns; undefined when it has none. */
export function counterpartOf(
  key: Pick<TargetForeignKey, 'columns' | 'parentColumns'>,
  child: TablePlan<PlannedTable>,
  parent: TablePlan<PlannedTable>,
): ManifestForeignKey | undefined {
  const pairs = key.columns.map((column, index) => [
    sourceOf(child, column),
    sourceOf(parent, key.parentColumns[index] ?? ''),
  ]);
  return child.source.foreignKeys.find(
    (candidate) =>
      candidate.parent === 'exists' &&
      candidate.parentTable === parent.source.name &&
      candidate.columns.length === pairs.length &&
      pairs.every(([own, other]) =>
        candidate.columns.some(
          (name, index) => name === own && candidate.parentColumns[index] === other,
        ),
      ),
  );
}

function sourceOf(plan: TablePlan<PlannedTable>, target: string): string | undefined {
  return plan.columns.find((column) => column.target.name === target)?.source?.name;
}

/**
 * Whether rows that have their parent in the source have it in the target too: no parent is left
 * out, and values that are equal there become equal here.
 */
export function isProvenReference(
  key: TargetForeignKey,
  child: TablePlan<PlannedTable>,
  parent: TablePlan<PlannedTable>,
): boolean {
  if (parent.mayLoseRows || counterpartOf(key, child, parent) === undefined) return false;
  // MATCH FULL refuses a key that is NULL in part, which SQLite lets pass.
  if (key.match === 'full' && key.columns.length > 1) return false;
  return key.columns.every((name, index) => {
    const own = child.columns.find(({ target }) => target.name === name);
    const other = parent.columns.find(({ target }) => target.name === key.parentColumns[index]);
    return own !== undefined && other !== undefined && staysEqual(own, other, parent.source);
  });
}

function staysEqual(child: ColumnPlan, parent: ColumnPlan, parentTable: PlannedTable): boolean {
  if (child.source === null || parent.source === null) return false;
  if (!child.isPlain || !parent.isPlain) return false;
  if (child.source.affinity !== parent.source.affinity) return false;
  const { collation } = columnRule(parentTable, parent.source.name);
  if (['NOCASE', 'RTRIM'].includes(collation.toUpperCase())) return false;
  const [type, parentType] = [child.target.type, parent.target.type];
  const isSame = type.kind === parentType.kind && type.baseSql === parentType.baseSql;
  const bothIn = (names: ReadonlySet<string>): boolean =>
    type.kind === 'base' &&
    parentType.kind === 'base' &&
    names.has(type.name) &&
    names.has(parentType.name);
  switch (child.source.affinity) {
    case 'integer':
      return bothIn(INTEGERS);
    case 'text':
      return bothIn(TEXTS) || (isSame && (type.kind === 'enum' || bothIn(TEXT_LIKE)));
    case 'blob':
      return isSame && bothIn(BYTES);
    case 'real':
    case 'numeric':
      return false;
    default:
      return child.source.affinity satisfies never;
  }
}
