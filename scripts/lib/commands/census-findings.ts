import type { IntegerCensus } from '../model/census.ts';
import type { FindingCollector, FindingHead } from '../model/findings.ts';
import type { SourceColumn, SourceFacts, SourceTable } from '../model/source-catalog.ts';
import type { CountedColumn, TableCensus } from '../source/census/take-census.ts';
import { findExamples } from '../source/census/examples.ts';
import { KINDS_OF_CLASS, type ValueKind } from '../source/census/kinds.ts';
import { encryptedColumns, isJsonColumn } from '../source/content-hints.ts';
import { expectedKinds, isDeclaredAsTime, isNamedAsTime } from '../source/census/expected-kinds.ts';
import type { Source } from '../source/open.ts';
import { EPOCH_UNIT_NAMES, epochDay } from '../value/convert/epoch-unit.ts';

/** What the findings about a table's values are made from. */
export interface CensusContext {
  readonly source: Source;
  readonly facts: SourceFacts;
  readonly findings: FindingCollector;
  readonly signal: AbortSignal;
}

/** Reports what is remarkable about the values of a table. */
export async function reportCensus(
  table: SourceTable,
  census: TableCensus,
  context: CensusContext,
): Promise<void> {
  for (const [index, counted] of census.columns.entries()) {
    const column = table.columns[index];
    if (column === undefined) continue;
    const unexpected = unexpectedKinds(column, counted);
    await reportValues(againstType(column), table, counted, unexpected, context);
    await reportValues(WITH_NUL, table, counted, ['text-with-nul'], context);
    if (unexpected.length === 0) reportMixture(table, column, counted, context);
    reportEpoch(table, column, counted.census.integers, context);
    reportJson(table, counted, context);
  }
  for (const { column, examined } of encryptedColumns(context.source.db, table, census.columns)) {
    context.findings.add(ENCRYPTED_COLUMN, {
      detail: `${table.name}.${column} (${countOf(examined, 'value')} examined)`,
    });
  }
}

type ColumnHead = Omit<FindingHead, 'where'>;

function againstType({ declaredType }: SourceColumn): ColumnHead {
  return {
    code: 'against-declared-type',
    severity: 'warning',
    kind: 'data',
    message: `values do not go with the declared type of the column, ${declaredType}`,
    hint: 'mend them in the source, or give the column a type in the target that takes them',
  };
}

const WITH_NUL: ColumnHead = {
  code: 'nul-in-text',
  severity: 'warning',
  kind: 'data',
  message: 'texts hold U+0000, which PostgreSQL cannot store in text',
  hint: 'mend them in the source, or let the mapping strip it (strip_nul)',
};

const MIXTURE: FindingHead = {
  code: 'mixed-storage-classes',
  severity: 'info',
  kind: 'data',
  message: 'columns hold values of several storage classes: each is converted by its own',
  where: {},
};

const EPOCH_COLUMN: FindingHead = {
  code: 'epoch-column',
  severity: 'info',
  kind: 'data',
  message:
    'columns of integers look like times since 1970, in the unit that is named: import takes it so',
  where: {},
};

const EPOCH_UNCLEAR: FindingHead = {
  code: 'epoch-unclear',
  severity: 'warning',
  kind: 'data',
  message:
    'columns of times hold integers that do not look like times in the unit that import would take',
  where: {},
  hint: 'find out what they count, and say so in the mapping (epoch_s, epoch_ms, epoch_us)',
};

const JSON_COLUMN: FindingHead = {
  code: 'json-column',
  severity: 'warning',
  kind: 'structure',
  message: 'columns hold JSON text: Json in the target checks it and can index it',
  where: {},
};

const ENCRYPTED_COLUMN: FindingHead = {
  code: 'encrypted-column',
  severity: 'warning',
  kind: 'structure',
  message:
    'columns look encrypted: they arrive byte for byte, and their key must move with the application',
  where: {},
};

function unexpectedKinds(column: SourceColumn, { kinds }: CountedColumn): ValueKind[] {
  const expected = expectedKinds(column);
  return expected === null ? [] : [...kinds.keys()].filter((kind) => !expected.has(kind));
}

/** Reports values of these kinds with the keys of the first rows that hold them. */
async function reportValues(
  head: ColumnHead,
  table: SourceTable,
  { name, kinds: counts }: CountedColumn,
  kinds: readonly ValueKind[],
  { source, facts, findings, signal }: CensusContext,
): Promise<void> {
  const total = kinds.reduce((sum, kind) => sum + (counts.get(kind) ?? 0), 0);
  if (total === 0) return;
  const wanted = { column: name, kinds, total };
  const examples = await findExamples(source.db, table, wanted, {
    encoding: facts.encoding,
    signal,
  });
  findings.addCounted({ ...head, where: { table: table.name, column: name } }, total, examples);
}

/** INTEGER and REAL are one here: SQLite itself makes the one of the other. */
function reportMixture(
  table: SourceTable,
  column: SourceColumn,
  { kinds }: CountedColumn,
  { findings }: CensusContext,
): void {
  const counts = (['integer', 'real', 'text', 'blob'] as const).flatMap((name) => {
    const count = KINDS_OF_CLASS[name].reduce((sum, kind) => sum + (kinds.get(kind) ?? 0), 0);
    return count === 0 ? [] : [{ name, count }];
  });
  const classes = new Set(counts.map(({ name }) => (name === 'real' ? 'integer' : name)));
  if (classes.size < 2) return;
  const listed = counts
    .map(({ name, count }) => `${count.toLocaleString('en-US')} ${name.toUpperCase()}`)
    .join(', ');
  findings.add(MIXTURE, { detail: `${table.name}.${column.name} (${listed})` });
}

function reportJson(
  table: SourceTable,
  { name, census: { texts } }: CountedColumn,
  { findings }: CensusContext,
): void {
  if (texts === null || !isJsonColumn(texts)) return;
  const { count, empty } = texts;
  const all = countOf(count, 'text');
  const some = empty === 0 ? all : `${count - empty} of ${all}, the others empty`;
  findings.add(JSON_COLUMN, { detail: `${table.name}.${name} (${some})` });
}

/** In a source of Prisma's the integers of a column of times are milliseconds, whatever they look like. */
function reportEpoch(
  table: SourceTable,
  column: SourceColumn,
  integers: IntegerCensus | null,
  { facts, findings }: CensusContext,
): void {
  if (integers === null) return;
  const { epoch, minimum, maximum } = integers;
  const place = `${table.name}.${column.name}`;
  if (epoch === null) {
    if (!isDeclaredAsTime(column) || facts.madeByPrisma) return;
    findings.add(EPOCH_UNCLEAR, { detail: `${place} (${minimum} to ${maximum})` });
    return;
  }
  const unit = EPOCH_UNIT_NAMES[epoch];
  const days = [minimum, maximum].map((value) => epochDay(BigInt(value), epoch));
  const detail = `${place} (${unit}: ${[...new Set(days)].join(' to ')})`;
  if (facts.madeByPrisma) {
    if (isDeclaredAsTime(column) && epoch !== 'ms') {
      findings.add(EPOCH_UNCLEAR, {
        detail: `${detail}, where Prisma writes milliseconds`,
      });
    }
  } else if (isDeclaredAsTime(column) || isNamedAsTime(column)) {
    findings.add(EPOCH_COLUMN, { detail });
  }
}

function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
