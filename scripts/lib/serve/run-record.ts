import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod';

import { SERVED_STAGES, optionValuesSchema } from './offered.ts';

/** The form of a run's name: the time at which it was asked for, and chance. */
const RUN_ID = /^\d{8}T\d{6}Z-[0-9a-f]{6}$/;

const recordSchema = z.object({
  version: z.literal(1),
  id: z.string().regex(RUN_ID),
  stage: z.enum(SERVED_STAGES).describe('the script'),
  action: z
    .enum(['start', 'dry-run', 'validate', 'resume', 'rollback'])
    .describe('what was asked for'),
  artifact: z.string().optional().describe('name of the artifact that was given'),
  options: optionValuesSchema.describe('as they were asked for, by name'),
  target: z.string().optional().describe('name of the target'),
  ofRun: z.string().optional().describe('the run that this one goes on with, or takes back'),
  createdAt: z.iso.datetime(),
  requestedFrom: z.string().describe('address that asked for it'),
  command: z.string().describe('the command line, as a person would type it'),
  output: z.string().optional().describe('name of the artifact that it writes'),
  process: z.object({
    pid: z.number().int(),
    startedAt: z.string().nullable().describe('as the system says it; null where it does not'),
  }),
});

/** What is known of a run from its beginning on; `run.json` in its folder. */
export type RunRecord = z.infer<typeof recordSchema>;

/** The files of a run. */
export interface RunFiles {
  readonly folder: string;
  readonly record: string;
  readonly events: string;
  readonly report: string;
  readonly log: string;
  readonly ended: string;
}

/** Where the files of a run are. */
export function runFiles(runs: string, id: string): RunFiles {
  const folder = join(runs, id);
  return {
    folder,
    record: join(folder, 'run.json'),
    events: join(folder, 'events.ndjson'),
    report: join(folder, 'report.json'),
    log: join(folder, 'log.txt'),
    ended: join(folder, 'ended.json'),
  };
}

/** Makes the folder of a run; it is a run once its record is there. */
export function makeRunFolder({ folder }: RunFiles): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** @returns null when there is no such run */
export function readRecord(runs: string, id: string): RunRecord | null {
  if (!RUN_ID.test(id)) return null;
  return recordSchema.safeParse(readJson(runFiles(runs, id).record)).data ?? null;
}

/** The names of all runs, the latest first. */
export function listRunIds(runs: string): string[] {
  try {
    const names = readdirSync(runs).filter((name) => RUN_ID.test(name));
    return names.toSorted().toReversed();
  } catch {
    return [];
  }
}

/** The content of a JSON file; undefined when it is not there or not whole. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Writes a JSON file so that a reader sees the old one or the new one. */
export function writeWhole(file: string, value: unknown): void {
  const partial = `${file}.partial-${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(partial, file);
}

/** What a run is about, in one name: its target, or else what it reads. */
export function runName({ target, artifact, options }: RunRecord): string {
  return target ?? artifact ?? String(options['source'] ?? '');
}
