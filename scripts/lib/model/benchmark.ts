import * as z from 'zod';

/** What is measured, in this order: our stages, each followed by what it is held against. */
export const CONTESTANTS = [
  'analyze',
  'export',
  'sqlite-csv',
  'verify',
  'sha256sum',
  'export-gzip',
  'verify-gzip',
  'export-zstd',
  'verify-zstd',
  'import',
  'verify-target',
  'floor',
  'pgloader',
] as const;
export type ContestantName = (typeof CONTESTANTS)[number];

/** The scripts of the toolkit among them, as they work by default. */
export const OUR_STAGES = [
  'analyze',
  'export',
  'verify',
  'import',
  'verify-target',
] as const satisfies readonly ContestantName[];

/** The same with compressed data files. */
export const COMPRESSED_STAGES = [
  'export-gzip',
  'verify-gzip',
  'export-zstd',
  'verify-zstd',
] as const satisfies readonly ContestantName[];

const bytes = z.number().int().nonnegative().describe('bytes');
const milliseconds = z.number().nonnegative().describe('milliseconds');

/** The machine and the programs that the figures are from. */
const machineSchema = z.object({
  cpu: z.string().describe('the model of the first processor'),
  cores: z.number().int().describe('how many the process may use'),
  memoryBytes: bytes,
  system: z.string().describe('operating system, its release, and the kind of processor'),
  loadAverage: z
    .array(z.number())
    .describe('of the last 1, 5 and 15 minutes, before anything was measured; zeros on Windows'),
  node: z.string(),
  postgres: z.string().describe('of the embedded server'),
  sqlite: z.string().describe('as it is built into the toolkit'),
  sqliteCommand: z.string().nullable().describe('the version of sqlite3; null when there is none'),
  pgloader: z.string().nullable().describe('its version; null when there is none'),
  commit: z.string().nullable().describe('of the toolkit, where it is a git checkout'),
});
export type Machine = z.infer<typeof machineSchema>;

const runSchema = z.object({
  elapsedMs: milliseconds.describe('milliseconds, from the start of the process to its end'),
  cpuMs: milliseconds.nullable().describe('processor time of our processes; null for others'),
  peakMemoryBytes: bytes
    .nullable()
    .describe('the most memory of the largest of our processes (resident set); null for others'),
  besideMemoryBytes: bytes
    .nullable()
    .describe('the same of the processes that it started, together; null for others'),
});
export type BenchRun = z.infer<typeof runSchema>;

const measurementSchema = z.object({
  contestant: z.enum(CONTESTANTS),
  readsBytes: bytes.describe('what it reads: the source, or the files of the artifact'),
  missing: z.string().nullable().describe('why it was not measured; null when it was'),
  runs: z.array(runSchema).describe('one a round'),
  medianMs: milliseconds.nullable(),
  rowsPerSecond: z.number().nullable().describe('by the median'),
  bytesPerSecond: z.number().nullable().describe('by the median, of what it reads'),
  peakMemoryBytes: bytes.nullable().describe('the most of all rounds'),
  besideMemoryBytes: bytes.nullable().describe('the most of all rounds'),
});
export type Measurement = z.infer<typeof measurementSchema>;

/** A case at a scale, with what was measured of it. */
const measuredCaseSchema = z.object({
  name: z.string(),
  scale: z.number(),
  totalTables: z.number().int(),
  totalRows: z.number().int(),
  sourceBytes: bytes,
  artifactBytes: bytes.describe('the files that SHA256SUMS names; 0 when no artifact was needed'),
  compressedBytes: z
    .object({ gzip: bytes, zstd: bytes })
    .describe('the same of compressed artifacts'),
  measurements: z.array(measurementSchema),
});
export type MeasuredCase = z.infer<typeof measuredCaseSchema>;

/** Something that counts, beside what it should be. */
const ratioSchema = z.object({
  case: z.string(),
  name: z.string(),
  value: z.number().nullable().describe('null when a part of it was not measured'),
  target: z.number().describe('it should not be more'),
  unit: z.enum(['ratio', 'bytes']),
  isMet: z.boolean().nullable(),
  missing: z.string().nullable().describe('why there is no value'),
});
export type Ratio = z.infer<typeof ratioSchema>;

/** What one run of the benchmark found. */
export const benchmarkSchema = z.object({
  seed: z.number().int(),
  scale: z.number(),
  rounds: z.number().int(),
  machine: machineSchema,
  cases: z.array(measuredCaseSchema).describe('the larger ones of --growth too'),
  ratios: z.array(ratioSchema),
  chart: z.string().describe('the SVG file that was drawn'),
});
export type Benchmark = z.infer<typeof benchmarkSchema>;
