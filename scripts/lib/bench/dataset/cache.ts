import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { CommandContext } from '../../model/progress.ts';
import { shortDigest } from '../../model/short-digest.ts';
import { migrateDiffScript, writeFirstMigration } from '../../prisma/migrate.ts';
import type { BenchCase, CaseTable } from '../cases/shape.ts';
import { prismaSchema } from './prisma-schema.ts';
import { fillDatabase } from './sqlite.ts';

/** Which database is wanted. */
export interface DatasetKey {
  readonly benchCase: BenchCase;
  readonly scale: number;
  readonly seed: number;
}

/** A source database with the Prisma schema of its target. */
export interface Dataset {
  readonly tables: readonly CaseTable[];
  readonly totalRows: number;
  readonly sourceBytes: number;
  /** The SQLite file. */
  readonly source: string;
  /** The schema file; its migrations are beside it. */
  readonly prismaSchema: string;
  readonly migrations: string;
}

/** What the rows and the schema are made by: another code makes another dataset. */
const MAKERS = ['../cases', '.'].map((folder) =>
  fileURLToPath(new URL(`${folder}/`, import.meta.url)),
);

/**
 * The dataset of this key, from the cache or built into it. A finished dataset appears under its name
 * at once, and takes the place of one that an earlier version of the code made.
 *
 * @param cache the folder of all datasets
 */
export async function openDataset(
  key: DatasetKey,
  cache: string,
  context: CommandContext,
): Promise<Dataset> {
  const name = `${key.benchCase.name}-${key.scale}-${key.seed}-`;
  const folder = join(cache, name + shortDigest(await digestOfMakers()));
  const tables = key.benchCase.tables(key.scale);
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true });
    const old = (await readdir(cache)).filter((entry) => entry.startsWith(name));
    for (const entry of old) await rm(join(cache, entry), { recursive: true });
    await build(folder, tables, key, context);
  }
  const { source, prismaSchema, migrations } = pathsIn(folder);
  const { size } = await stat(source);
  const totalRows = countRows(tables);
  return { tables, totalRows, sourceBytes: size, source, prismaSchema, migrations };
}

async function build(
  folder: string,
  tables: readonly CaseTable[],
  { benchCase, scale, seed }: DatasetKey,
  { progress, signal }: CommandContext,
): Promise<void> {
  const activity = progress.start(
    `building ${benchCase.name} at scale ${scale}`,
    countRows(tables),
  );
  const unfinished = `${folder}.unfinished-${process.pid}`;
  const paths = pathsIn(unfinished);
  try {
    await mkdir(unfinished);
    await fillDatabase(paths.source, tables, seed, { activity, signal });
    await writeFile(paths.prismaSchema, prismaSchema(tables));
    const script = await migrateDiffScript(paths.prismaSchema, { signal });
    await writeFirstMigration(paths.migrations, script);
    await rename(unfinished, folder);
  } finally {
    activity.done();
    await rm(unfinished, { recursive: true, force: true });
  }
}

function pathsIn(folder: string): Pick<Dataset, 'source' | 'prismaSchema' | 'migrations'> {
  return {
    source: join(folder, 'source.db'),
    prismaSchema: join(folder, 'schema.prisma'),
    migrations: join(folder, 'migrations'),
  };
}

function countRows(tables: readonly CaseTable[]): number {
  return tables.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

async function digestOfMakers(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of MAKERS) {
    for (const file of (await readdir(folder)).toSorted()) {
      hash.update(await readFile(join(folder, file)));
    }
  }
  return hash.digest('hex');
}
