import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';

import { openArtifact, type Artifact } from '../artifact/reader.ts';
import { MANIFEST_FILE, artifactFolderName } from '../artifact/paths.ts';
import { ToolkitError } from '../model/errors.ts';
import { didYouMean } from '../model/nearest.ts';
import type { ServeConfig, ServedTarget } from './config.ts';
import type { NamedThing } from './offered.ts';

const SQLITE_NAME = /\.(?:db|db3|sqlite|sqlite3)$/i;
const SQLITE_HEADER = Buffer.from('SQLite format 3\0');
const MAPPING_NAME = /mapping[^/\\]*\.(?:jsonc?|[cm]?[jt]s)$/i;

/** Something in one of the folders; its name is its path as the configuration leads to it. */
export interface ListedFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** ISO 8601 */
  readonly changedAt: string;
}

/** An artifact in one of the folders. */
export interface ListedArtifact {
  readonly name: string;
  readonly id: string;
  /** ISO 8601 */
  readonly createdAt: string;
  /** File name of the database that it was made of. */
  readonly source: string;
  readonly tables: number;
  readonly rows: number;
}

/** SQLite databases of the configured folders, by name. */
export async function listSources(config: ServeConfig): Promise<ListedFile[]> {
  return listFiles(config.sources, SQLITE_NAME, isSqlite);
}

/** Mapping files of the configured folders, by name. */
export async function listMappings(config: ServeConfig): Promise<ListedFile[]> {
  return listFiles(config.mappings, MAPPING_NAME, async () => true);
}

/** Artifacts of the configured folders that can be read, the latest first. */
export async function listArtifacts(config: ServeConfig): Promise<ListedArtifact[]> {
  const listed: ListedArtifact[] = [];
  for (const name of await artifactNames(config)) {
    const artifact = await openArtifact(name).catch(() => null);
    if (artifact !== null) listed.push(describeArtifact(name, artifact));
    await artifact?.close();
  }
  return listed.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/**
 * The artifact of a name.
 *
 * @throws ToolkitError of kind `usage` when the configured folders have none of that name
 */
export async function openNamedArtifact(config: ServeConfig, name: string): Promise<Artifact> {
  return openArtifact(pick('artifact', name, await artifactNames(config)));
}

/** The target of a name. @throws ToolkitError of kind `usage` when none is configured under it */
export function findTarget({ targets }: ServeConfig, name: string): ServedTarget {
  const found = targets.find((target) => target.name === name);
  if (found !== undefined) return found;
  const names = targets.map((target) => target.name);
  throw unknownName('target', name, names);
}

/**
 * The path of something that a request names: only what is listed has one, so no request leads out of
 * the configured folders.
 *
 * @throws ToolkitError of kind `usage` when nothing of that name is there
 */
export async function resolveName(
  config: ServeConfig,
  thing: Exclude<NamedThing, 'target'>,
  name: string,
): Promise<string> {
  switch (thing) {
    case 'source':
      return pick(thing, name, namesOf(await listSources(config)));
    case 'mapping':
      return pick(thing, name, namesOf(await listMappings(config)));
    case 'artifact':
      return pick(thing, name, await artifactNames(config));
    default:
      return thing satisfies never;
  }
}

/** Where a new artifact goes. */
export function newArtifactPath(
  { artifacts: [folder = '.'] }: ServeConfig,
  source: string,
  name: string | undefined,
): string {
  const base = source.split(/[\\/]/).at(-1) ?? source;
  return join(folder, name ?? artifactFolderName(base, new Date()));
}

function describeArtifact(name: string, { id, manifest }: Artifact): ListedArtifact {
  return {
    name,
    id,
    createdAt: manifest.createdAt,
    source: manifest.source.fileName,
    tables: manifest.tables.length,
    rows: manifest.tables.reduce((sum, table) => sum + table.rowCount, 0),
  };
}

async function artifactNames({ artifacts }: ServeConfig): Promise<string[]> {
  const names: string[] = [];
  for (const folder of artifacts) {
    for (const entry of await entriesOf(folder)) {
      const name = join(folder, entry);
      const isArtifact =
        (await isInside(folder, name)) && (await isFile(join(name, MANIFEST_FILE)));
      if (isArtifact) names.push(name);
    }
  }
  return names;
}

async function listFiles(
  folders: readonly string[],
  pattern: RegExp,
  isWanted: (path: string) => Promise<boolean>,
): Promise<ListedFile[]> {
  const found = new Map<string, ListedFile>();
  for (const folder of folders) {
    for (const entry of (await entriesOf(folder)).filter((entry) => pattern.test(entry))) {
      const name = join(normalize(folder), entry);
      const stats = await stat(name).catch(() => null);
      const isOurs = stats?.isFile() === true && (await isInside(folder, name));
      if (stats === null || !isOurs || !(await isWanted(name))) continue;
      found.set(name, { name, sizeBytes: stats.size, changedAt: stats.mtime.toISOString() });
    }
  }
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Visible entries of a folder; none where it cannot be read. */
async function entriesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder).catch(() => []);
  return entries.filter((entry) => !entry.startsWith('.')).toSorted();
}

/** A link that leads out of a configured folder is not followed. */
async function isInside(folder: string, path: string): Promise<boolean> {
  try {
    const root = await realpath(folder);
    return (await realpath(path)).startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
  } catch {
    return false;
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true;
}

async function isSqlite(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { buffer } = await file.read(
      Buffer.alloc(SQLITE_HEADER.length),
      0,
      SQLITE_HEADER.length,
      0,
    );
    return buffer.equals(SQLITE_HEADER);
  } finally {
    await file.close();
  }
}

function namesOf(files: readonly ListedFile[]): string[] {
  return files.map(({ name }) => name);
}

function pick(thing: NamedThing, name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  throw unknownName(thing, name, names);
}

function unknownName(thing: NamedThing, name: string, names: readonly string[]): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'unknown-name',
    message: `the server knows no ${thing} of that name${didYouMean(name, names)}`,
    hint: `GET /api/v1/migration/${thing}s lists those that it knows`,
  });
}
