import type {
  BlobCensus,
  ColumnCensus,
  IntegerCensus,
  RealCensus,
  TextCensus,
} from '../model/census.ts';
import type { AnalyzeReport } from '../model/reports/analyze.ts';
import { epochDay } from '../value/convert/epoch-unit.ts';
import { formatBytes, formatColumns, formatCount, formatPlural } from './format.ts';

/**
 * What every column holds, for people: a line for each column and storage class, with the column of
 * the target that it would go to where there is one.
 */
export function describeCensus({
  tables,
  target,
}: Pick<AnalyzeReport, 'tables' | 'target'>): string[] {
  return tables.flatMap((table) => {
    if (table.rowCount === 0) return [];
    const columns = target?.tables.find(({ source }) => source === table.name)?.columns;
    const goesTo = (name: string): string => {
      const column = columns?.find(({ source }) => source === name);
      if (column === undefined) return columns === undefined ? '' : '(not loaded)';
      return `→ ${column.target === name ? '' : `${column.target} `}${column.type}`;
    };
    const lines = table.columns.flatMap(({ name, declaredType, census }) =>
      describeClasses(census, declaredType).map((words, index) =>
        index === 0
          ? [`    ${name}`, declaredType || '-', goesTo(name), ...words]
          : ['', '', '', ...words],
      ),
    );
    return [
      `  ${table.name}: ${formatPlural(table.rowCount, 'row')}`,
      ...(target === null
        ? formatColumns(
            lines.map((line) => line.toSpliced(2, 1)),
            new Set([2]),
          )
        : formatColumns(lines, new Set([3]))),
    ];
  });
}

/** The number of values of each class, its name, and what is to be said of them. */
export function describeClasses(
  { nulls, integers, reals, texts, blobs }: ColumnCensus,
  declaredType: string,
): string[][] {
  return [
    ...(integers === null
      ? []
      : [counted(integers, 'INTEGER', describeIntegers(integers, declaredType))]),
    ...(reals === null ? [] : [counted(reals, 'REAL', describeReals(reals))]),
    ...(texts === null ? [] : [counted(texts, 'TEXT', describeTexts(texts))]),
    ...(blobs === null ? [] : [counted(blobs, 'BLOB', describeBlobs(blobs))]),
    ...(nulls === 0 ? [] : [[formatCount(nulls), 'NULL', '']]),
  ];
}

function counted({ count }: { readonly count: number }, name: string, words: string): string[] {
  return [formatCount(count), name, words];
}

/** Small integers beside large ones are not often times. */
const PLAUSIBLE_FROM = '1971';

function describeIntegers(integers: IntegerCensus, declaredType: string): string {
  const { count, zeroOrOne, minimum, maximum, epoch } = integers;
  if (zeroOrOne === count && minimum !== maximum) return '0 or 1';
  const plain = range(minimum, maximum);
  if (epoch === null) return plain;
  const day = (value: string): string => epochDay(BigInt(value), epoch);
  const isPlausible = /DATE|TIME/i.test(declaredType) || day(minimum) > PLAUSIBLE_FROM;
  return isPlausible
    ? `${plain}; as ${epoch} since 1970: ${range(day(minimum), day(maximum))}`
    : plain;
}

function describeReals(reals: RealCensus): string {
  const { count, whole, infinite, decimals, mostDecimals } = reals;
  const long = count - whole - infinite - decimals;
  return [
    range(reals.minimum, reals.maximum),
    ...share(whole, count, 'whole'),
    ...share(decimals, count, `with up to ${formatPlural(mostDecimals, 'decimal')}`),
    ...share(long, count, 'with 16 or 17 digits'),
    ...share(infinite, count, 'infinite'),
  ].join('; ');
}

function describeTexts(texts: TextCensus): string {
  const { count, longestCharacters, longestBytes, mostDigits, mostDecimals } = texts;
  const forms: readonly (readonly [number, one: string, more: string])[] = [
    [texts.empty, 'empty', 'empty'],
    [texts.withNul, 'with U+0000', 'with U+0000'],
    [texts.jsonObjects, 'JSON object', 'JSON objects'],
    [texts.jsonArrays, 'JSON array', 'JSON arrays'],
    [texts.jsonScalars, 'JSON string or null', 'JSON strings or null'],
    [texts.dates, 'day', 'days'],
    [texts.timesWithZone, 'time with a zone', 'times with a zone'],
    [texts.timesWithoutZone, 'time without a zone', 'times without a zone'],
    [texts.timesOfDay, 'time of day', 'times of day'],
    [texts.uuids, 'UUID', 'UUIDs'],
    [texts.integers, 'integer', 'integers'],
    [texts.decimals, 'decimal', 'decimals'],
    [texts.booleans, 'word for true or false', 'words for true or false'],
  ];
  const bytes = longestBytes === longestCharacters ? '' : ` (${formatBytes(longestBytes)})`;
  const digits = `numbers of up to ${formatPlural(mostDigits, 'digit')} before the point and ${mostDecimals} after it`;
  return [
    `up to ${formatPlural(longestCharacters, 'character')}${bytes}`,
    ...forms.flatMap(([some, one, more]) => share(some, count, some === 1 ? one : more)),
    ...(mostDigits === 0 ? [] : [digits]),
  ].join('; ');
}

function describeBlobs({ shortestBytes, longestBytes }: BlobCensus): string {
  return range(formatBytes(shortestBytes), formatBytes(longestBytes));
}

function range(from: string, to: string): string {
  return from === to ? from : `${from} to ${to}`;
}

function share(some: number, all: number, words: string): string[] {
  if (some === 0) return [];
  if (some === 1) return [`1 ${words}`];
  return [some === all ? `all ${words}` : `${formatCount(some)} ${words}`];
}
