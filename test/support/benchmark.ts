import {
  OUR_STAGES,
  type Benchmark,
  type ContestantName,
  type MeasuredCase,
} from '../../scripts/lib/model/benchmark.ts';

interface CaseOptions {
  readonly scale?: number;
  /** Of each stage of ours. */
  readonly peakMemoryBytes?: number;
}

/** A case with these medians in milliseconds; who is not named was not measured. */
export function measuredCase(
  medians: Partial<Record<ContestantName, number>>,
  { scale = 1, peakMemoryBytes = 0 }: CaseOptions = {},
): MeasuredCase {
  const stages: readonly string[] = OUR_STAGES;
  return {
    name: 'orders',
    scale,
    totalTables: 8,
    totalRows: 1000,
    sourceBytes: 50_000,
    artifactBytes: 100_000,
    compressedBytes: { gzip: 'export-gzip' in medians ? 20_000 : 0, zstd: 0 },
    measurements: Object.entries(medians).map(([contestant, medianMs]) => ({
      contestant: contestant as ContestantName,
      readsBytes: 50_000,
      missing: null,
      runs: [],
      medianMs,
      rowsPerSecond: 1_000_000 / medianMs,
      bytesPerSecond: 50_000_000 / medianMs,
      peakMemoryBytes: stages.includes(contestant) ? peakMemoryBytes : null,
      besideMemoryBytes: stages.includes(contestant) ? 0 : null,
    })),
  };
}

/** A benchmark of these cases on a machine of no kind. */
export function benchmarkOf(
  cases: MeasuredCase[],
  ratios: Benchmark['ratios'],
): Omit<Benchmark, 'chart'> {
  const machine = {
    cpu: 'A & B <1 GHz>',
    cores: 2,
    memoryBytes: 1,
    system: 'none',
    loadAverage: [0, 0, 0],
    node: 'v20.0.0',
    postgres: '18.0',
    sqlite: '3.0.0',
    sqliteCommand: null,
    pgloader: null,
    commit: null,
  };
  return { seed: 1, scale: 1, rounds: 3, machine, cases, ratios };
}
