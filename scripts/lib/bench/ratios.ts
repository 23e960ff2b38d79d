import { COMPRESSIONS, type Compression } from '../artifact/compression.ts';
import {
  OUR_STAGES,
  type ContestantName,
  type MeasuredCase,
  type Measurement,
  type Ratio,
} from '../model/benchmark.ts';
import { largest, sum } from './statistics.ts';

interface RatioOfTimes {
  readonly name: string;
  readonly over: readonly ContestantName[];
  readonly under: ContestantName;
  readonly target: number;
}

/** What the times of one case are held against. */
const RATIOS_OF_TIMES: readonly RatioOfTimes[] = [
  { name: 'import / floor', over: ['import'], under: 'floor', target: 1.1 },
  { name: 'import / pgloader', over: ['import'], under: 'pgloader', target: 0.4 },
  {
    name: 'analyze + export + verify + import / pgloader',
    over: ['analyze', 'export', 'verify', 'import'],
    under: 'pgloader',
    target: 0.8,
  },
  { name: 'export / sqlite3 -csv', over: ['export'], under: 'sqlite-csv', target: 1 },
  { name: 'verify / sha256sum', over: ['verify'], under: 'sha256sum', target: 5 },
  { name: 'export --compress gzip / export', over: ['export-gzip'], under: 'export', target: 1.5 },
  { name: 'verify of gzip / verify', over: ['verify-gzip'], under: 'verify', target: 1.3 },
  { name: 'export --compress zstd / export', over: ['export-zstd'], under: 'export', target: 1.5 },
  { name: 'verify of zstd / verify', over: ['verify-zstd'], under: 'verify', target: 1.3 },
  { name: 'verify --target / import', over: ['verify-target'], under: 'import', target: 1 },
];

/** Of an artifact's bytes, this part may be left when its files are compressed. */
const TARGET_OF_COMPRESSION = 0.25;

/** How much larger the databases are that `--growth` measures. */
export const GROWTH = { time: 10, memory: 5 } as const;
const TARGET_OF_GROWTH = 1.05;
const TARGET_OF_MEMORY_BYTES = 160 * 1024 * 1024;
const TARGET_OF_MEMORY_GROWTH = 1.1;
const WITHOUT_GROWTH = 'only with --growth';

/** The larger runs of a case; null where they were not asked for. */
export interface GrownCase {
  readonly time: MeasuredCase;
  readonly memory: MeasuredCase;
}

/** Everything that counts of one case, beside what it should be. */
export function ratiosOf(measured: MeasuredCase, grown: GrownCase | null): Ratio[] {
  return [
    ...RATIOS_OF_TIMES.map((spec) => ratioOfTimes(spec, measured)),
    ...COMPRESSIONS.map((compression) => ratioOfSizes(measured, compression)),
    ratioOfGrowth(measured, grown),
    peakMemory(measured, `peak memory, scale ${measured.scale}`),
    ...memoryOfGrowth(measured, grown),
  ];
}

function ratioOfTimes({ name, over, under, target }: RatioOfTimes, measured: MeasuredCase): Ratio {
  const base = { case: measured.name, name, target, unit: 'ratio' as const };
  const unknown = [...over, under].filter((part) => medianOf(measured, part) === null);
  const divisor = medianOf(measured, under);
  return unknown.length > 0 || divisor === null
    ? withoutValue(base, `not measured: ${unknown.join(', ')}`)
    : withValue(base, sumOfMedians(measured, over) / divisor);
}

function ratioOfSizes(measured: MeasuredCase, compression: Compression): Ratio {
  const { name, artifactBytes, compressedBytes } = measured;
  const base = {
    case: name,
    name: `bytes with ${compression} / bytes`,
    target: TARGET_OF_COMPRESSION,
    unit: 'ratio' as const,
  };
  const { [compression]: bytes } = compressedBytes;
  if (bytes === 0) return withoutValue(base, `not measured: export-${compression}`);
  if (artifactBytes === 0) return withoutValue(base, 'not measured: export');
  return withValue(base, bytes / artifactBytes);
}

function ratioOfGrowth(measured: MeasuredCase, grown: GrownCase | null): Ratio {
  const name = `${GROWTH.time} times the rows: time / ${GROWTH.time} times the time`;
  const base = { case: measured.name, name, target: TARGET_OF_GROWTH, unit: 'ratio' as const };
  if (grown === null) return withoutValue(base, WITHOUT_GROWTH);
  const stages = OUR_STAGES.filter((stage) => medianOf(measured, stage) !== null);
  const before = sumOfMedians(measured, stages);
  return before === 0
    ? withoutValue(base, 'no stage was measured')
    : withValue(base, sumOfMedians(grown.time, stages) / (before * GROWTH.time));
}

function peakMemory(measured: MeasuredCase, name: string): Ratio {
  const base = {
    case: measured.name,
    name: `${name}, any stage`,
    target: TARGET_OF_MEMORY_BYTES,
    unit: 'bytes' as const,
  };
  const peak = largest(ours(measured).map(({ peakMemoryBytes }) => peakMemoryBytes));
  return peak === null ? withoutValue(base, 'no stage was measured') : withValue(base, peak);
}

function memoryOfGrowth(measured: MeasuredCase, grown: GrownCase | null): Ratio[] {
  const scale = measured.scale * GROWTH.memory;
  const name = `peak memory, scale ${scale}`;
  const base = {
    case: measured.name,
    name: `${name} / scale ${measured.scale}, worst stage`,
    target: TARGET_OF_MEMORY_GROWTH,
    unit: 'ratio' as const,
  };
  if (grown === null) {
    const target = TARGET_OF_MEMORY_BYTES;
    const peak = {
      case: measured.name,
      name: `${name}, any stage`,
      target,
      unit: 'bytes' as const,
    };
    return [withoutValue(peak, WITHOUT_GROWTH), withoutValue(base, WITHOUT_GROWTH)];
  }
  const worst = largest(
    ours(measured).map(({ contestant, peakMemoryBytes }) => {
      const after = ours(grown.memory).find((other) => other.contestant === contestant);
      const known = after?.peakMemoryBytes ?? null;
      return peakMemoryBytes === null || known === null ? null : known / peakMemoryBytes;
    }),
  );
  return [
    peakMemory(grown.memory, name),
    worst === null ? withoutValue(base, 'no stage was measured') : withValue(base, worst),
  ];
}

function ours(measured: MeasuredCase): Measurement[] {
  const stages: readonly ContestantName[] = OUR_STAGES;
  return measured.measurements.filter(({ contestant }) => stages.includes(contestant));
}

function medianOf(measured: MeasuredCase, name: ContestantName): number | null {
  const found = measured.measurements.find(({ contestant }) => contestant === name);
  return found?.medianMs ?? null;
}

function sumOfMedians(measured: MeasuredCase, names: readonly ContestantName[]): number {
  const medians = names.map((name) => medianOf(measured, name));
  return sum(medians.filter((value) => value !== null));
}

type RatioBase = Pick<Ratio, 'case' | 'name' | 'target' | 'unit'>;

function withValue(base: RatioBase, value: number): Ratio {
  return { ...base, value, isMet: value <= base.target, missing: null };
}

function withoutValue(base: RatioBase, missing: string): Ratio {
  return { ...base, value: null, isMet: null, missing };
}
