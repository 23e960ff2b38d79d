import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CONTESTANTS, OUR_STAGES } from '../../scripts/lib/model/benchmark.ts';
import { benchReportSchema, type BenchReport } from '../../scripts/lib/model/reports/bench.ts';
import { runScript, type ScriptResult } from '../support/run-script.ts';
import { temporaryFolder } from '../support/temp.ts';

const folder = temporaryFolder();
const cache = join(folder, 'cache');
/** Some ten processes one after the other, on a machine that may have others to run. */
const TIMEOUT_MS = 400_000;

/** When the database in the cache was written. */
function databaseTime(): number {
  const [dataset = ''] = readdirSync(join(cache, 'datasets'));
  return statSync(join(cache, 'datasets', dataset, 'source.db')).mtimeMs;
}

describe('a benchmark of a small database', () => {
  const out = join(folder, 'bench.json');
  const chart = join(folder, 'charts', 'bench.svg');
  let result: ScriptResult;
  let report: BenchReport;

  beforeAll(async () => {
    const files = ['--cache', cache, '--out', out, '--chart', chart];
    result = await runScript('bench', ['--scale', '0.002', '--rounds', '1', '--json', ...files]);
    report = benchReportSchema.strict().parse(result.json());
  }, TIMEOUT_MS);

  it('ends with 0 and writes the same report into the file', () => {
    expect(result).toMatchObject({ exitCode: 0, signal: null });
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(result.json());
    expect(report).toMatchObject({ scale: 0.002, rounds: 1, chart, findings: [] });
  });

  it('measures every contestant, or says why not', () => {
    const [measured] = report.cases;
    expect(measured).toMatchObject({ name: 'orders', totalTables: 8, totalRows: 3494 });
    expect(measured?.measurements.map(({ contestant }) => contestant)).toEqual(CONTESTANTS);
    const told = (measured?.measurements ?? []).map(({ missing, runs, medianMs }) => ({
      missing,
      rounds: runs.length,
      hasMedian: medianMs !== null,
    }));
    const isMeasured = { missing: null, rounds: 1, hasMedian: true };
    const isLeftOut = {
      missing: expect.stringMatching(/is not installed$|^zstd needs /),
      rounds: 0,
      hasMedian: false,
    };
    expect(told.filter(({ missing }) => missing === null).length).toBeGreaterThanOrEqual(5);
    expect(told).toEqual(told.map(({ missing }) => (missing === null ? isMeasured : isLeftOut)));
  });

  it('knows memory and processor time of our own stages', () => {
    const stages = report.cases[0]?.measurements.filter(({ contestant }) =>
      OUR_STAGES.some((stage) => stage === contestant),
    );
    expect(stages).toHaveLength(OUR_STAGES.length);
    for (const { runs } of stages ?? []) {
      expect(runs[0]?.peakMemoryBytes).toBeGreaterThan(20_000_000);
      expect(runs[0]?.cpuMs).toBeGreaterThan(0);
    }
    // Only analyze has SQLite check the file in a process of its own.
    const beside = stages?.map(({ runs }) => (runs[0]?.besideMemoryBytes ?? 0) > 0);
    expect(beside).toEqual(OUR_STAGES.map((stage) => stage === 'analyze'));
  });

  it('names in its table everything that counts, with the target of each', () => {
    const lines = result.stderr.split('\n');
    for (const { name, target, unit } of report.ratios) {
      const shown = unit === 'ratio' ? target.toFixed(2) : '160 MiB';
      expect(lines.some((line) => line.includes(name) && line.includes(`≤ ${shown}`))).toBe(true);
    }
    expect(report.ratios).toHaveLength(16);
    expect(result.stderr).toContain(`chart: ${chart}`);
  });

  it('draws the chart', () => {
    expect(readFileSync(chart, 'utf8')).toMatch(/^<svg [^]*<\/svg>\n$/);
  });

  it('keeps the database, and nothing else', () => {
    expect(readdirSync(cache)).toEqual(['datasets']);
    expect(readdirSync(join(cache, 'datasets'))).toEqual([
      expect.stringMatching(/^orders-0\.002-1-[0-9a-f]{12}$/),
    ]);
  });
});

describe('a benchmark of one stage, where no other program is installed', () => {
  let result: ScriptResult;
  let report: BenchReport;
  let built: number;

  beforeAll(async () => {
    built = databaseTime();
    const programs = join(folder, 'programs');
    mkdirSync(programs);
    // The embedded server looks its account up with it.
    symlinkSync(execFileSync('which', ['id'], { encoding: 'utf8' }).trim(), join(programs, 'id'));
    result = await runScript(
      'bench',
      [
        '--scale',
        '0.002',
        '--rounds',
        '2',
        '--cache',
        cache,
        '--json',
        '--only',
        'verify,sha256sum,pgloader',
      ],
      { env: { PATH: programs } },
    );
    report = benchReportSchema.parse(result.json());
  }, TIMEOUT_MS);

  it('takes the database that is there', () => {
    expect(databaseTime()).toBe(built);
  });

  it('measures it as often as it was told, on an artifact that was made for it', () => {
    expect(result.exitCode).toBe(0);
    const [verify, ...others] = report.cases[0]?.measurements ?? [];
    expect(verify).toMatchObject({ contestant: 'verify', missing: null });
    expect(verify?.runs).toHaveLength(2);
    expect(others.map(({ contestant, missing }) => [contestant, missing])).toEqual([
      ['sha256sum', 'sha256sum is not installed'],
      ['pgloader', 'pgloader is not installed'],
    ]);
  });

  it('says in the table what is missing', () => {
    expect(result.stderr).toContain('pgloader is not installed');
    expect(result.stderr).toContain('not measured: sha256sum');
  });

  it('writes report and chart into the cache', () => {
    expect(readdirSync(cache).toSorted()).toEqual(['chart.svg', 'datasets', 'report.json']);
  });
});
