import { lstat, mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { STAGES, type Stage } from '../model/stage.ts';
import { HashingFile, syncFolder } from './durable-files.ts';
import { REPORTS_FOLDER, compactTime } from './paths.ts';

/** Longer files are no reports of these scripts. */
const MAX_REPORT_BYTES = 64 * 1024 * 1024;

/** A file in the place where reports are kept. */
export interface ReportFile {
  readonly name: string;
  /** What its name says; null when no script gives such a name. */
  readonly named: { readonly time: string; readonly stage: Stage } | null;
  readonly path: string;
}

/**
 * Where the reports about an artifact are kept: `reports` in its folder, or `<file>.reports` beside a
 * single file.
 */
async function reportsFolder(artifact: string): Promise<string> {
  const isFolder = (await stat(artifact)).isDirectory();
  return isFolder ? join(artifact, REPORTS_FOLDER) : `${artifact}.reports`;
}

/**
 * Keeps a report with its artifact, under the time at which its script began. It appears complete and
 * on disk, and takes no other file's place: a second one of the same second gets a number.
 *
 * @returns its path
 * @throws whatever the file system says when it cannot be written
 */
export async function keepReport(
  artifact: string,
  stage: Stage,
  report: { readonly startedAt: string },
): Promise<string> {
  const folder = await reportsFolder(artifact);
  await makeFolder(folder);
  const text = `${JSON.stringify(report, null, 2)}\n`;
  const base = `${compactTime(new Date(report.startedAt))}-${stage}`;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? `${base}.json` : `${base}-${number}.json`;
    if (await writeNew(folder, name, text)) return join(folder, name);
  }
}

/** The files that are kept, by name; hidden ones are what a killed script left. */
export async function listReports(artifact: string): Promise<ReportFile[]> {
  const folder = await reportsFolder(artifact);
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  return names
    .filter((name) => !name.startsWith('.'))
    .toSorted()
    .map((name) => ({ name, named: parseName(name), path: join(folder, name) }));
}

/** @throws when it is no regular file, longer than any report, or no JSON */
export async function readReport({ path }: ReportFile): Promise<unknown> {
  const stats = await lstat(path);
  if (!stats.isFile()) throw new Error('it is not a regular file');
  if (stats.size > MAX_REPORT_BYTES) throw new Error('it is too long to be a report');
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    // What JSON.parse says quotes the text.
    throw error instanceof SyntaxError ? new Error('it is not JSON', { cause: error }) : error;
  }
}

function parseName(name: string): ReportFile['named'] {
  const [, time, rest] = /^(\d{8}T\d{6}Z)-([a-z-]+?)(?:-\d+)?\.json$/.exec(name) ?? [];
  const stage = STAGES.find((candidate) => candidate === rest);
  return time === undefined || stage === undefined ? null : { time, stage };
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    // Nothing is written through a link to another place.
    if (!(await lstat(folder)).isDirectory()) {
      throw new Error(`${folder} is not a folder`, { cause: error });
    }
  }
}

/** @returns false when the name is taken */
async function writeNew(folder: string, name: string, text: string): Promise<boolean> {
  const path = join(folder, name);
  const partial = join(folder, `.${name}.partial`);
  const file = await HashingFile.create(partial).catch((error: unknown) => {
    if (hasCode(error, 'EEXIST')) return null;
    throw error;
  });
  if (file === null) return false;
  try {
    file.append(text);
    await file.close();
    // Whoever has the hidden name is alone in looking at this one.
    if (await exists(path)) {
      await rm(partial);
      return false;
    }
    await rename(partial, path);
  } catch (error) {
    await file.abandon();
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(folder);
  return true;
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function hasCode(error: unknown, expected: string): boolean {
  return error instanceof Error && 'code' in error && error.code === expected;
}
