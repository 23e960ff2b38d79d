import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import * as z from 'zod';

import { BENCH_CASES } from '../../bench/cases/index.ts';
import type { BenchCase } from '../../bench/cases/shape.ts';
import { runBenchmark } from '../../commands/bench.ts';
import { CONTESTANTS, type ContestantName } from '../../model/benchmark.ts';
import { describeError, type ErrorDescription } from '../../model/errors.ts';
import type { BenchReport } from '../../model/reports/bench.ts';
import { drawChart } from '../bench-chart.ts';
import { benchTable } from '../bench-table.ts';
import { optionalNames, optionalText, switchFlag, valueFlag, wholeNumber } from '../flags.ts';
import { reportUnwritable } from '../lost-output.ts';
import type { Script } from '../run.ts';

const DEFAULT_CACHE = join('node_modules', '.cache', 'sqlite-to-prisma-postgres');
const CASE_NAMES = BENCH_CASES.map(({ name }) => name);
const MAX_SCALE = 1000;

const scale = z
  .string()
  .regex(/^[0-9]{1,4}(?:\.[0-9]{1,6})?$/, 'must be a number such as 1 or 0.05')
  .transform(Number)
  .refine((value) => value > 0 && value <= MAX_SCALE, `must be above 0 and at most ${MAX_SCALE}`)
  .default(1);

const cases = optionalNames.transform((names, context): readonly BenchCase[] => {
  if (names?.includes('all') === true) return BENCH_CASES;
  const wanted = names ?? CASE_NAMES.slice(0, 1);
  const unknown = wanted.find((name) => !CASE_NAMES.includes(name));
  if (unknown !== undefined) {
    context.addIssue(`there is no case ${unknown}; there are ${CASE_NAMES.join(', ')}, and all`);
  }
  return BENCH_CASES.filter(({ name }) => wanted.includes(name));
});

const only = optionalNames.transform((names, context): readonly ContestantName[] | null => {
  const known: readonly string[] = CONTESTANTS;
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    context.addIssue(`${unknown} is not measured; there are ${CONTESTANTS.join(', ')}`);
  }
  return names === undefined ? null : CONTESTANTS.filter((name) => names.includes(name));
});

const flags = {
  scale: valueFlag('N', 'how large the databases are; 0.05 for a quick look', scale, '1'),
  case: valueFlag(
    'a,b',
    `which kinds of database: ${CASE_NAMES.join(', ')}, or all`,
    cases,
    CASE_NAMES[0],
  ),
  rounds: valueFlag(
    'N',
    'how often each is measured, in turn; the median counts',
    wholeNumber(1, 3),
    '3',
  ),
  only: valueFlag('a,b', `measure only these: ${CONTESTANTS.join(', ')}`, only, 'all'),
  growth: switchFlag(
    'also measure our scripts at 5 times and at 10 times the scale: time and memory that grow',
  ),
  seed: valueFlag('N', 'what the made-up rows begin from', wholeNumber(0, 1), '1'),
  cache: valueFlag(
    'DIR',
    'where databases are kept for the next run, and artifacts while it runs',
    optionalText,
    DEFAULT_CACHE,
  ),
  out: valueFlag('FILE', 'the JSON report', optionalText, 'report.json in the cache'),
  chart: valueFlag('FILE', 'the chart, as SVG', optionalText, 'chart.svg in the cache'),
} as const;

type Given = { readonly [Name in 'cache' | 'out' | 'chart']: string | undefined };

/** `npm run bench` */
export const benchScript: Script<typeof flags, BenchReport> = {
  commandLine: {
    name: 'bench',
    summary:
      'Measures the four scripts on a made-up database and an embedded PostgreSQL, beside what else loads or reads the same rows: sqlite3 and COPY without any check, pgloader, sha256sum. Writes a table, a JSON report and a chart.',
    flags,
    examples: [
      'npm run bench',
      'npm run bench -- --scale 0.05',
      'npm run bench -- --only import,floor --rounds 5',
      'npm run bench -- --case all --growth --chart benchmark.svg --out benchmark.json',
    ],
  },
  run: async ({ flags: given }, context) => {
    const { case: cases, scale, seed, rounds, only, growth } = given;
    const { cache, chart } = placesOf(given);
    await mkdir(cache, { recursive: true });
    const options = { cases, scale, seed, rounds, only, growth, cache };
    const benchmark = await runBenchmark(options, context);
    const failure = await writeChart(chart, drawChart(benchmark));
    return { ...benchmark, chart, findings: [], ...(failure === null ? {} : { failure }) };
  },
  exitCode: () => 0,
  reportFile: ({ flags: given }) => placesOf(given).out,
  summarize: (report, { flags: given }) => [
    '',
    ...benchTable(report),
    '',
    `report: ${placesOf(given).out}`,
    `chart: ${report.chart}`,
  ],
  whenInterrupted: 'the server is stopped, and what was not finished is removed',
};

function placesOf({ cache = DEFAULT_CACHE, out, chart }: Given): {
  readonly [Name in keyof Given]: string;
} {
  return {
    cache,
    out: out ?? join(cache, 'report.json'),
    chart: chart ?? join(cache, 'chart.svg'),
  };
}

/** What was measured is worth more than its picture. @returns why it could not be written */
async function writeChart(file: string, svg: string): Promise<ErrorDescription | null> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, svg);
    return null;
  } catch (error) {
    return describeError(reportUnwritable(error, file));
  }
}
