import { didYouMean } from '../model/nearest.ts';
import { parseDateFormat } from '../value/convert/date-format.ts';
import { isTimeZone } from '../value/time-zone.ts';
import type { TimeUnit } from '../value/convert/converter.ts';
import { mappingError, type MappingFault, type MappingPath } from './file/faults.ts';
import type { Mapping } from './file/read.ts';
import type { Conversion, MappedColumn, MappedReference, MappedTable } from './file/schema.ts';
import { followKeys } from './follow-keys.ts';
import type {
  ColumnMapping,
  ResolvedMapping,
  TableMapping,
  TimeOptions,
} from './resolved-mapping.ts';
import type { PlannedSource, PlannedTable } from './source-shape.ts';
import { makeStep, type Step, type TimeReading } from './steps.ts';
import { STANDARD_NAMESPACES } from './uuid-v5.ts';

/**
 * Holds a mapping against the tables of a source, and lets foreign keys follow the keys whose values
 * it changes.
 *
 * @throws ToolkitError of kind `usage` that names every table, column, namespace or conversion that
 * does not exist, with the nearest name
 */
export function resolveMapping(mapping: Mapping, source: PlannedSource): ResolvedMapping {
  const own = mapping.content.namespaces ?? {};
  const faults: MappingFault[] = Object.keys(own)
    .filter((name) => Object.hasOwn(STANDARD_NAMESPACES, name))
    .map((name) => ({ path: ['namespaces', name], message: `${name} is a namespace of RFC 9562` }));
  const namespaces = { ...own, ...STANDARD_NAMESPACES };
  const resolved = new Map<string, TableMapping>();
  for (const [name, mapped] of Object.entries(mapping.content.tables)) {
    const path: MappingPath = ['tables', name];
    const table = source.tables.find((candidate) => candidate.name === name);
    if (table === undefined) {
      const names = source.tables.map((candidate) => candidate.name);
      faults.push({ path, message: `the source has no table ${name}${didYouMean(name, names)}` });
    } else {
      resolved.set(name, new TableResolver(table, mapped, namespaces, path, faults).resolve());
    }
  }
  const followed = followKeys(source, resolved, faults);
  if (faults.length > 0) throw mappingError(mapping, faults);
  return followed;
}

class TableResolver {
  readonly #table: PlannedTable;
  readonly #mapped: MappedTable;
  readonly #namespaces: Readonly<Record<string, string>>;
  readonly #path: MappingPath;
  readonly #faults: MappingFault[];

  constructor(
    table: PlannedTable,
    mapped: MappedTable,
    namespaces: Readonly<Record<string, string>>,
    path: MappingPath,
    faults: MappingFault[],
  ) {
    this.#table = table;
    this.#mapped = mapped;
    this.#namespaces = namespaces;
    this.#path = path;
    this.#faults = faults;
  }

  resolve(): TableMapping {
    const { skip, target, where = [], columns = {}, add = {}, references = [] } = this.#mapped;
    if (skip !== undefined && countGiven(this.#mapped) > 1) {
      this.#fault(['skip'], 'a table that is skipped can have nothing else said of it');
    }
    for (const [index, condition] of where.entries()) {
      this.#knownColumn(condition.column, ['where', index, 'column']);
    }
    for (const [index, reference] of references.entries()) this.#checkReference(reference, index);
    const resolved = new Map<string, ColumnMapping>();
    for (const [name, column] of Object.entries(columns)) {
      if (this.#knownColumn(name, ['columns', name]))
        resolved.set(name, this.#column(name, column));
    }
    const added = new Map(Object.entries(add));
    return { target, skip, where, columns: resolved, add: added, references };
  }

  #checkReference({ columns, key }: MappedReference, index: number): void {
    const path: MappingPath = ['references', index];
    for (const [at, name] of columns.entries()) this.#knownColumn(name, [...path, 'columns', at]);
    if (columns.length === key.length) return;
    const message = `a reference has as many columns as the key that it leads to, and not ${columns.length} and ${key.length}`;
    this.#fault([...path, 'key'], message);
  }

  #column(name: string, mapped: MappedColumn): ColumnMapping {
    const path: MappingPath = ['columns', name];
    if (mapped.drop !== undefined && countGiven(mapped) > 1) {
      this.#fault([...path, 'drop'], 'a column that is dropped can have nothing else said of it');
    }
    const given = mapped.convert ?? [];
    const isList = Array.isArray(given);
    const steps: Step[] = [];
    let time: TimeOptions = {};
    for (const [index, conversion] of (isList ? given : [given]).entries()) {
      const place = [...path, 'convert', ...(isList ? [index] : [])];
      if (isTimeReading(conversion)) time = this.#withTime(time, conversion, place);
      else if (this.#isUsable(conversion, place)) steps.push(makeStep(conversion, this.#namespace));
    }
    const { target, drop, policies = [] } = mapped;
    return { target, drop, steps, time, policies: new Set(policies) };
  }

  readonly #namespace = (name: string): string => this.#namespaces[name] ?? name;

  #isUsable(conversion: Exclude<Conversion, TimeReading>, path: MappingPath): boolean {
    if (typeof conversion !== 'object' || !('uuid_v5' in conversion)) return true;
    const name = conversion.uuid_v5;
    if (UUID.test(name) || Object.hasOwn(this.#namespaces, name)) return true;
    const known = Object.keys(this.#namespaces);
    const message = `there is no namespace ${name}${didYouMean(name, known)} (a UUID, or one of ${known.join(', ')})`;
    this.#fault([...path, 'uuid_v5'], message);
    return false;
  }

  #withTime(before: TimeOptions, reading: TimeReading, path: MappingPath): TimeOptions {
    const added = timeOptions(reading);
    const [key] = Object.keys(added);
    if (key !== undefined && key in before)
      this.#fault(path, 'a column has one unit, one time zone and one date format');
    if (added.timeZone !== undefined && !isTimeZone(added.timeZone)) {
      this.#fault([...path, 'time_zone'], `there is no time zone ${added.timeZone}`);
    }
    const format = added.dateFormat === undefined ? null : parseDateFormat(added.dateFormat);
    if (typeof format === 'string') this.#fault([...path, 'date_format'], format);
    return { ...before, ...added };
  }

  #knownColumn(name: string, path: MappingPath): boolean {
    const names = this.#table.columns.map((column) => column.name);
    if (names.includes(name)) return true;
    this.#fault(
      path,
      `the source's table ${this.#table.name} has no column ${name}${didYouMean(name, names)}`,
    );
    return false;
  }

  #fault(path: MappingPath, message: string): void {
    this.#faults.push({ path: [...this.#path, ...path], message });
  }
}

/** A module may have keys without a value. */
function countGiven(object: object): number {
  return Object.values(object).filter((value) => value !== undefined).length;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const TIME_UNITS: Readonly<Record<string, TimeUnit>> = {
  epoch_s: 's',
  epoch_ms: 'ms',
  epoch_us: 'us',
  julian_day: 'julian_day',
};

function isTimeReading(conversion: Conversion): conversion is TimeReading {
  if (typeof conversion === 'string') return conversion in TIME_UNITS;
  return 'time_zone' in conversion || 'date_format' in conversion;
}

function timeOptions(reading: TimeReading): TimeOptions {
  if (typeof reading === 'object') {
    return 'time_zone' in reading
      ? { timeZone: reading.time_zone }
      : { dateFormat: reading.date_format };
  }
  const timeUnit = TIME_UNITS[reading];
  return timeUnit === undefined ? {} : { timeUnit };
}
