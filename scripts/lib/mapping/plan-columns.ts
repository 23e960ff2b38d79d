import type { ManifestColumn } from '../artifact/manifest.ts';
import { didYouMean } from '../model/nearest.ts';
import type { TargetColumn, TargetTable, TargetType } from '../model/target-catalog.ts';
import { encodersFor, withoutBytes } from '../value/bytes/index.ts';
import { isTimeType } from '../value/convert/epoch-unit.ts';
import { converterFor } from '../value/convert/index.ts';
import { cellConverter } from './cell.ts';
import { columnContext, contextOf } from './column-context.ts';
import { planConstant } from './constant.ts';
import type { MappingFault } from './file/faults.ts';
import type { Scalar } from './file/schema.ts';
import { matchName, type NameMatch } from './match-names.ts';
import type { ColumnPlan, GeneratedPlan, PlanOptions } from './plan.ts';
import {
  reportDroppedColumn,
  reportUnfilled,
  sharedColumn,
  unknownType,
  unplacedColumn,
} from './plan-findings.ts';
import {
  NO_COLUMN_MAPPING,
  type AddedColumn,
  type ColumnMapping,
  type TableMapping,
} from './resolved-mapping.ts';
import type { PlannedTable } from './source-shape.ts';

interface PlannedColumns {
  readonly columns: readonly ColumnPlan[];
  readonly generated: readonly GeneratedPlan[];
  /** Those of the columns that the mapping sets in every table. */
  readonly scope: readonly ColumnPlan[];
}

/** Maps the columns of one table; faults are of the mapping, findings of the two schemas. */
export function planColumns(
  options: PlanOptions<PlannedTable>,
  source: PlannedTable,
  target: TargetTable,
  mapped: TableMapping,
  faults: MappingFault[],
): PlannedColumns {
  return new ColumnPlanner(options, source, target, mapped, faults).plan();
}

class ColumnPlanner {
  readonly #options: PlanOptions<PlannedTable>;
  readonly #source: PlannedTable;
  readonly #target: TargetTable;
  readonly #mapped: TableMapping;
  readonly #faults: MappingFault[];
  readonly #columns: ColumnPlan[] = [];
  readonly #generated: GeneratedPlan[] = [];
  readonly #scope: ColumnPlan[] = [];
  /** By target column, the source column that fills it. */
  readonly #taken = new Map<string, string>();

  constructor(
    options: PlanOptions<PlannedTable>,
    source: PlannedTable,
    target: TargetTable,
    mapped: TableMapping,
    faults: MappingFault[],
  ) {
    this.#options = options;
    this.#source = source;
    this.#target = target;
    this.#mapped = mapped;
    this.#faults = faults;
  }

  plan(): PlannedColumns {
    for (const [index, column] of this.#source.columns.entries()) this.#placeColumn(column, index);
    for (const [name, added] of this.#mapped.add) this.#addColumn(name, added);
    const { findings, mapping } = this.#options;
    for (const [name, value] of Object.entries(mapping?.file.content.set ?? {})) {
      this.#setColumn(name, value);
    }
    for (const column of this.#target.columns) {
      if (!this.#taken.has(column.name))
        reportUnfilled(this.#source, this.#target, column, findings);
    }
    return { columns: this.#columns, generated: this.#generated, scope: this.#scope };
  }

  #placeColumn(column: ManifestColumn, sourceIndex: number): void {
    const { findings } = this.#options;
    const mapping = this.#mapped.columns.get(column.name) ?? NO_COLUMN_MAPPING;
    if (mapping.drop !== undefined) {
      reportDroppedColumn(this.#source, column, mapping.drop, findings);
      return;
    }
    const match = this.#placeOf(column, mapping);
    if (match.kind !== 'one') {
      if (mapping.target !== undefined) return;
      const candidates = match.kind === 'several' ? match.items : [];
      findings.add(unplacedColumn(this.#source, column, this.#target, candidates));
      return;
    }
    const other = this.#taken.get(match.item.name);
    if (other === undefined) {
      this.#taken.set(match.item.name, column.name);
      this.#fill(match.item, column, sourceIndex, mapping);
    } else {
      findings.add(sharedColumn(this.#source, this.#target, match.item, [other, column.name]));
    }
  }

  #placeOf(column: ManifestColumn, mapping: ColumnMapping): NameMatch<TargetColumn> {
    if (mapping.target === undefined) return matchName(column.name, this.#target.columns);
    const item = this.#target.columns.find((candidate) => candidate.name === mapping.target);
    if (item !== undefined) return { kind: 'one', item };
    this.#unknownTarget(['columns', column.name, 'target'], mapping.target);
    return { kind: 'none' };
  }

  #fill(
    target: TargetColumn,
    source: ManifestColumn,
    sourceIndex: number,
    mapping: ColumnMapping,
  ): void {
    const { context, needsIntegerRange } = columnContext(
      this.#options,
      this.#source,
      source,
      target,
      mapping,
    );
    const convert = converterFor(target.type, context);
    if (convert === undefined) {
      this.#options.findings.add(unknownType(this.#source, source, this.#target, target));
      return;
    }
    this.#checkMapping(target, source, mapping);
    const encoders = encodersFor(target.type, context);
    if (target.isGenerated) {
      const encode = encoders.canonical;
      this.#generated.push({ source, sourceIndex, target, convert, encode });
      return;
    }
    const { steps, policies } = mapping;
    const { notNull } = target;
    this.#columns.push({
      source,
      sourceIndex,
      target,
      convert: cellConverter({ steps, policies, convert, notNull }),
      context,
      isPlain: steps.length === 0 && policies.size === 0,
      encoders: steps.length === 0 ? encoders : withoutBytes(encoders),
      needsIntegerRange,
      policies,
    });
  }

  /** What a mapping says of a column can be, seen from where the column goes. */
  #checkMapping(target: TargetColumn, source: ManifestColumn, mapping: ColumnMapping): void {
    const { steps, policies, time } = mapping;
    const path = ['columns', source.name];
    const name = `${this.#target.name}.${target.name}`;
    if (target.isGenerated && steps.length + policies.size > 0) {
      this.#fault(path, `the target computes ${name}: drop the column, or convert nothing in it`);
    }
    if (target.notNull && policies.has('null')) {
      this.#fault([...path, 'policies'], `the policy null cannot be: ${name} takes no NULL`);
    }
    if (Object.keys(time).length > 0 && !isOfTime(target.type.element ?? target.type)) {
      const message = `only times and intervals have a unit, a zone or a date format, and ${name} is ${target.type.display}`;
      this.#fault([...path, 'convert'], message);
    }
  }

  #addColumn(name: string, added: AddedColumn): void {
    const target = this.#target.columns.find((candidate) => candidate.name === name);
    if (target === undefined) {
      this.#unknownTarget(['add', name], name);
      return;
    }
    const source = this.#taken.get(name);
    if (source !== undefined || target.isGenerated) {
      const message = target.isGenerated ? 'the target computes it' : `${source ?? ''} goes there`;
      this.#fault(
        ['add', name],
        `${this.#target.name}.${name} cannot be given a value: ${message}`,
      );
      return;
    }
    this.#taken.set(name, '');
    if ('constant' in added) this.#addConstant(target, added.constant, ['add', name, 'constant']);
    else if (!target.hasDefault) {
      this.#fault(['add', name], `${this.#target.name}.${name} has no default in the database`);
    }
  }

  #addConstant(
    target: TargetColumn,
    constant: Scalar,
    path: readonly string[],
  ): ColumnPlan | undefined {
    const context = contextOf(this.#options, NO_COLUMN_MAPPING, null);
    const planned = planConstant(target, constant, context);
    if (typeof planned === 'object') {
      this.#columns.push(planned);
      return planned;
    }
    const name = `${this.#target.name}.${target.name} (${target.type.display})`;
    this.#fault(path, `${name} cannot have it: ${planned}`);
    return undefined;
  }

  /** What is set goes into every table that has the column. */
  #setColumn(name: string, value: Scalar): void {
    const target = this.#target.columns.find((candidate) => candidate.name === name);
    if (target === undefined) return;
    const source = this.#taken.get(name);
    if (source !== undefined || target.isGenerated || value === null) {
      const message = `${this.#target.name}.${name} cannot be set: ${reasonNotToSet(source, value)}`;
      this.#faults.push({ path: ['set', name], message });
      return;
    }
    this.#taken.set(name, '');
    const planned = this.#addConstant(target, value, []);
    if (planned !== undefined) this.#scope.push(planned);
  }

  #unknownTarget(path: readonly string[], name: string): void {
    const names = this.#target.columns.map((column) => column.name);
    this.#fault(
      path,
      `the target's table ${this.#target.name} has no column ${name}${didYouMean(name, names)}`,
    );
  }

  #fault(path: readonly string[], message: string): void {
    this.#faults.push({ path: ['tables', this.#source.name, ...path], message });
  }
}

function reasonNotToSet(source: string | undefined, value: Scalar): string {
  if (value === null) return 'NULL tells no rows apart';
  if (source === undefined) return 'the target computes it';
  return source === '' ? 'the table adds it already ("add")' : `${source} goes there`;
}

function isOfTime(type: TargetType): boolean {
  return isTimeType(type) || (type.kind === 'base' && type.name === 'interval');
}
