import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';

import { importModule } from '../../launch/import-module.ts';
import { ToolkitError } from '../../model/errors.ts';
import { hidePasswords } from '../cli.ts';
import type { ClientModel, GeneratedClient } from './generated-client.ts';
import { readModels } from './models.ts';

/** A client that was made of what `prisma generate` wrote. */
export interface LoadedClient {
  readonly client: GeneratedClient;
  readonly models: readonly ClientModel[];
}

/** Where a client is, and the database that it is to read. */
export interface ClientChoice {
  /** The folder that a generator wrote, or the client's own file in it. */
  readonly path: string;
  readonly config: pg.ClientConfig;
  readonly schema: string;
}

type PrismaClientClass = new (options: object) => GeneratedClient;

/** The client's own file: of the generator `prisma-client`, then of `prisma-client-js`. */
const ENTRIES = [
  'client.ts',
  'client.mts',
  'client.cts',
  'client.js',
  'client.mjs',
  'client.cjs',
  'index.js',
  'default.js',
];

/**
 * Loads a generated client of Prisma 7 and gives it one connection to the database. It takes the
 * adapter that the client's own project has installed, if there is one.
 *
 * @throws ToolkitError of kind `usage` when there is no such client, or it cannot be loaded
 */
export async function loadClient({ path, config, schema }: ClientChoice): Promise<LoadedClient> {
  const entry = findEntry(path);
  try {
    const PrismaClient = findClass(await importModule(entry));
    if (PrismaClient === null) throw new Error('it exports no PrismaClient');
    const Adapter = await findAdapter(entry);
    const adapter = new Adapter({ ...config, max: 1, idleTimeoutMillis: 0 }, { schema });
    // The plain form of messages has no part of a source file in it.
    const client = new PrismaClient({ adapter, errorFormat: 'minimal' });
    const models = readModels(client);
    if (models === null) throw new Error('it is not a client of Prisma 7');
    return { client, models };
  } catch (error) {
    throw unloadable(path, firstLineOf(error), error);
  }
}

function findEntry(path: string): string {
  const absolute = resolve(path);
  if (!existsSync(absolute)) throw unloadable(path, 'there is nothing at that path');
  if (statSync(absolute).isFile()) return absolute;
  const entry = ENTRIES.map((name) => join(absolute, name)).find((file) => existsSync(file));
  if (entry === undefined) throw unloadable(path, 'the folder holds no client.ts and no index.js');
  return entry;
}

function findClass(module: unknown): PrismaClientClass | null {
  const exported = module as {
    readonly PrismaClient?: unknown;
    readonly default?: { readonly PrismaClient?: unknown };
  };
  const found = exported.PrismaClient ?? exported.default?.PrismaClient;
  return typeof found === 'function' ? (found as PrismaClientClass) : null;
}

async function findAdapter(entry: string): Promise<typeof PrismaPg> {
  let file: string;
  try {
    file = createRequire(entry).resolve('@prisma/adapter-pg');
  } catch {
    return PrismaPg;
  }
  const adapter = (await importModule(file)) as { PrismaPg: typeof PrismaPg };
  return adapter.PrismaPg;
}

function firstLineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return hidePasswords(message.trim().split('\n')[0] ?? '');
}

function unloadable(path: string, reason: string, cause?: unknown): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'prisma-client-unloadable',
    message: `the Prisma Client cannot be loaded: ${reason}`,
    where: { file: path },
    hint: "run npx prisma generate and npm ci in the application's project, and name the folder that the generator writes (its output, or node_modules/@prisma/client)",
    cause,
  });
}
