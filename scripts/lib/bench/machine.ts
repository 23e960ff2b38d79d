import { execFile } from 'node:child_process';
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import Database from 'better-sqlite3';

import type { Machine } from '../model/benchmark.ts';
import { PGLOADER_COMMAND } from './contestants/pgloader.ts';
import { SHA256_COMMAND } from './contestants/sha256sum.ts';
import { SQLITE_COMMAND } from './contestants/sqlite-command.ts';

const run = promisify(execFile);
const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** The programs that are measured beside ours: the version of each, null where it is not installed. */
export interface Programs {
  readonly sqlite3: string | null;
  readonly sha256sum: string | null;
  readonly pgloader: string | null;
}

/** Looks which programs there are. */
export async function findPrograms(): Promise<Programs> {
  const [sqlite3, sha256sum, pgloader] = await Promise.all(
    [SQLITE_COMMAND, SHA256_COMMAND, PGLOADER_COMMAND].map(versionOf),
  );
  return {
    sqlite3: sqlite3 ?? null,
    sha256sum: sha256sum ?? null,
    pgloader: pgloader ?? null,
  };
}

async function versionOf(program: string): Promise<string | null> {
  const answer = await answerOf(program, ['--version']);
  return answer === null ? null : (/\d+(?:\.\d+)+[^\s"]*/.exec(answer)?.[0] ?? 'unknown');
}

/** What the figures of this run depend on. @param postgres the version of the server */
export async function describeMachine(programs: Programs, postgres: string): Promise<Machine> {
  const database = new Database(':memory:');
  const sqlite = String(database.prepare('SELECT sqlite_version()').pluck().get());
  database.close();
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${type()} ${release()} ${arch()}`,
    loadAverage: loadavg(),
    node: process.version,
    postgres,
    sqlite,
    sqliteCommand: programs.sqlite3,
    pgloader: programs.pgloader,
    commit: (await answerOf('git', ['-C', PROJECT, 'rev-parse', 'HEAD']))?.trim() ?? null,
  };
}

/** What a program writes to its standard output; null when it is not there, or fails. */
async function answerOf(program: string, args: readonly string[]): Promise<string | null> {
  return run(program, args).then(
    ({ stdout }) => stdout,
    () => null,
  );
}
