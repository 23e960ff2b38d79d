import type { BenchReport } from '../model/reports/bench.ts';
import type {
  ContestantName,
  Machine,
  MeasuredCase,
  Measurement,
  Ratio,
} from '../model/benchmark.ts';
import { formatBytes, formatColumns, formatCount, formatPlural } from './format.ts';

/** What each contestant does, for those who read a figure of it. */
export const CONTESTANT_TITLES: Readonly<Record<ContestantName, string>> = {
  analyze: 'analyze',
  export: 'export',
  'sqlite-csv': 'sqlite3 -csv into files',
  verify: 'verify',
  sha256sum: 'sha256sum of the artifact',
  'export-gzip': 'export --compress gzip',
  'verify-gzip': 'verify of that',
  'export-zstd': 'export --compress zstd',
  'verify-zstd': 'verify of that',
  import: 'import',
  'verify-target': 'verify --target',
  floor: 'floor: sqlite3 -csv into COPY, keys after',
  pgloader: 'pgloader',
};

/** The targets are for this scale and larger ones. */
const TARGET_SCALE = 1;
const SMALL_SCALE_NOTE = `the targets are for scale ${TARGET_SCALE}: in smaller databases the start of a process weighs more than the rows`;
const MIB = 1024 * 1024;
const RIGHT = new Set([1, 2, 3, 4]);

/** The figures of a benchmark: a table for each case, then what they are held against. */
export function benchTable(report: BenchReport): string[] {
  return [
    ...describeMachine(report.machine),
    ...report.cases.flatMap((measured) => ['', ...caseTable(measured, report.rounds)]),
    '',
    ...ratioTable(report.ratios),
    ...(report.scale < TARGET_SCALE ? [SMALL_SCALE_NOTE] : []),
  ];
}

/** `orders, scale 1: 8 tables, 1,732,030 rows, 239.8 MB in SQLite` */
export function caseTitle({ name, scale, ...sizes }: MeasuredCase): string {
  const tables = formatPlural(sizes.totalTables, 'table');
  const rows = formatPlural(sizes.totalRows, 'row');
  return `${name}, scale ${scale}: ${tables}, ${rows}, ${formatBytes(sizes.sourceBytes)} in SQLite`;
}

/** Milliseconds as seconds, always with the same decimals so that they can be compared. */
export function formatSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}

/** A ratio, or an amount of memory in MiB. */
export function formatRatioValue(value: number, unit: Ratio['unit']): string {
  return unit === 'ratio' ? value.toFixed(2) : formatMebibytes(value);
}

/** How a figure stands to its target, in a word. */
function verdict({ isMet, missing }: Ratio): string {
  return isMet === null ? (missing ?? '') : isMet ? 'met' : 'missed';
}

function describeMachine(machine: Machine): string[] {
  const { cpu, cores, memoryBytes, loadAverage } = machine;
  const programs = [
    `Node ${machine.node}`,
    `PostgreSQL ${machine.postgres}`,
    `SQLite ${machine.sqlite}`,
    `sqlite3 ${machine.sqliteCommand ?? 'missing'}`,
    `pgloader ${machine.pgloader ?? 'missing'}`,
  ];
  return [
    `${cpu}, ${formatPlural(cores, 'core')}, ${formatBytes(memoryBytes)}, ${machine.system}`,
    programs.join(', '),
    `load average at the start: ${loadAverage.map((load) => load.toFixed(2)).join(' ')}`,
  ];
}

function caseTable(measured: MeasuredCase, rounds: number): string[] {
  const title = `${caseTitle(measured)}; median of ${formatPlural(rounds, 'round')}`;
  const head = ['', 'seconds', 'rows/s', 'MB/s', 'memory'];
  const rows = measured.measurements.map((measurement) => [
    `  ${CONTESTANT_TITLES[measurement.contestant]}`,
    ...figures(measurement),
  ]);
  const isHelped = measured.measurements.some((one) => (one.besideMemoryBytes ?? 0) > 0);
  return [
    title,
    ...formatColumns([head, ...rows], RIGHT),
    ...(isHelped ? ['  memory: the largest process + those that it started'] : []),
  ];
}

function figures(measurement: Measurement): string[] {
  const { medianMs, rowsPerSecond, bytesPerSecond, missing } = measurement;
  if (medianMs === null) return ['–', '–', '–', '–', missing ?? ''];
  return [
    formatSeconds(medianMs),
    rowsPerSecond === null ? '–' : formatCount(rowsPerSecond),
    bytesPerSecond === null ? '–' : (bytesPerSecond / 1e6).toFixed(1),
    memoryOf(measurement),
  ];
}

function memoryOf({ peakMemoryBytes, besideMemoryBytes }: Measurement): string {
  if (peakMemoryBytes === null) return '–';
  const beside =
    besideMemoryBytes === null || besideMemoryBytes === 0
      ? ''
      : ` + ${formatMebibytes(besideMemoryBytes)}`;
  return formatMebibytes(peakMemoryBytes) + beside;
}

function ratioTable(ratios: readonly Ratio[]): string[] {
  const head = ['what counts', '', 'value', 'target', ''];
  const rows = ratios.map((ratio) => [
    `  ${ratio.case}`,
    ratio.name,
    ratio.value === null ? '–' : formatRatioValue(ratio.value, ratio.unit),
    `≤ ${formatRatioValue(ratio.target, ratio.unit)}`,
    verdict(ratio),
  ]);
  return formatColumns([head, ...rows], new Set([2, 3]));
}

function formatMebibytes(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
