import { describe, expect, it } from 'vitest';
import { ratiosOf } from '../../../scripts/lib/bench/ratios.ts';
import { largest, median } from '../../../scripts/lib/bench/statistics.ts';
import type { Ratio } from '../../../scripts/lib/model/benchmark.ts';
import { measuredCase } from '../../support/benchmark.ts';

const MIB = 1024 * 1024;
const TIMES = {
  analyze: 1000,
  export: 2000,
  'sqlite-csv': 4000,
  verify: 500,
  sha256sum: 100,
  import: 3000,
  'export-gzip': 3200,
  'verify-gzip': 600,
  'verify-target': 1500,
  floor: 2500,
  pgloader: 10_000,
} as const;

function find(ratios: readonly Ratio[], name: string): Ratio | undefined {
  return ratios.find((ratio) => ratio.name === name);
}

describe('what counts of a case', () => {
  const ratios = ratiosOf(measuredCase(TIMES), null);

  it.each([
    ['import / floor', 1.2, false],
    ['import / pgloader', 0.3, true],
    ['analyze + export + verify + import / pgloader', 0.65, true],
    ['export / sqlite3 -csv', 0.5, true],
    ['verify / sha256sum', 5, true],
    ['verify --target / import', 0.5, true],
    ['export --compress gzip / export', 1.6, false],
    ['verify of gzip / verify', 1.2, true],
    ['bytes with gzip / bytes', 0.2, true],
  ])('is %s: %d', (name, value, isMet) => {
    expect(find(ratios, name)).toMatchObject({ value, isMet, missing: null });
  });

  it('has the memory of the largest stage', () => {
    const ratios = ratiosOf(measuredCase(TIMES, { peakMemoryBytes: 161 * MIB }), null);
    expect(find(ratios, 'peak memory, scale 1, any stage')).toMatchObject({
      value: 161 * MIB,
      target: 160 * MIB,
      isMet: false,
    });
  });

  it('says what was not measured', () => {
    const ratios = ratiosOf(measuredCase({ import: 3000 }), null);
    const missing = ratios.filter(({ value }) => value === null);
    expect(missing.map(({ missing }) => missing)).toEqual([
      'not measured: floor',
      'not measured: pgloader',
      'not measured: analyze, export, verify, pgloader',
      'not measured: export, sqlite-csv',
      'not measured: verify, sha256sum',
      'not measured: export-gzip, export',
      'not measured: verify-gzip, verify',
      'not measured: export-zstd, export',
      'not measured: verify-zstd, verify',
      'not measured: verify-target',
      'not measured: export-gzip',
      'not measured: export-zstd',
      'only with --growth',
      'only with --growth',
      'only with --growth',
    ]);
  });
});

describe('what counts as the rows grow', () => {
  const one = measuredCase(TIMES, { peakMemoryBytes: 100 * MIB });

  it('is the time of our stages alone, per row', () => {
    const slower = {
      analyze: 11_000,
      export: 20_000,
      verify: 5000,
      import: 30_000,
      'verify-target': 15_000,
    };
    const grown = { time: measuredCase(slower, { scale: 10 }), memory: one };
    const ratio = find(ratiosOf(one, grown), '10 times the rows: time / 10 times the time');
    expect(ratio?.value).toBeCloseTo(81 / 80, 10);
    expect(ratio?.isMet).toBe(true);
  });

  it('is the memory at five times the scale, also beside that at the scale itself', () => {
    const memory = measuredCase(TIMES, { scale: 5, peakMemoryBytes: 115 * MIB });
    const ratios = ratiosOf(one, { time: one, memory });
    expect(find(ratios, 'peak memory, scale 5, any stage')?.value).toBe(115 * MIB);
    expect(find(ratios, 'peak memory, scale 5 / scale 1, worst stage')).toMatchObject({
      value: 1.15,
      isMet: false,
    });
  });
});

it.each([
  [[], null],
  [[3], 3],
  [[5, 1, 3], 3],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %j', (values, expected) => {
  expect(median(values)).toBe(expected);
});

it('the largest of what is not all known is not known', () => {
  expect([largest([]), largest([1, null]), largest([1, 3, 2])]).toEqual([null, null, 3]);
});
