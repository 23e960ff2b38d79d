import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaPg } from '@prisma/adapter-pg';
import BetterSqlite3 from 'better-sqlite3';
import { applyMigrations } from '../../../scripts/lib/sample/migrations.ts';
import { generateClients } from '../../support/generated-client.ts';

/** A row as an application gives it to a Prisma Client or gets it from one. */
export type AppRow = Readonly<Record<string, unknown>>;

/** What these tests call of a model of a generated client. */
interface Delegate {
  readonly create: (args: { data: AppRow }) => Promise<AppRow>;
  readonly createMany: (args: { data: readonly AppRow[] }) => Promise<unknown>;
  readonly update: (args: { where: AppRow; data: AppRow }) => Promise<unknown>;
  readonly delete: (args: { where: AppRow }) => Promise<unknown>;
  readonly findMany: (args?: object) => Promise<AppRow[]>;
  readonly findUniqueOrThrow: (args: object) => Promise<AppRow>;
}

/** A connected client; each model is one of its properties. */
export interface Client {
  readonly model: (delegate: string) => Delegate;
  readonly executeRaw: (sql: string, ...values: readonly unknown[]) => Promise<number>;
  readonly disconnect: () => Promise<void>;
}

/** How the adapter for better-sqlite3 stores a DateTime. */
export type TimestampFormat = 'iso8601' | 'unixepoch-ms';

/** The values that a client module has besides its client. */
export interface PrismaValues {
  readonly Decimal: new (digits: string) => { readonly toFixed: () => string };
  /** NULL in a Json column, and the JSON value null in it. */
  readonly DbNull: unknown;
  readonly JsonNull: unknown;
}

/** What `prisma generate` wrote. */
export interface ClientModule {
  readonly values: PrismaValues;
  readonly connect: (adapter: object) => Client;
}

interface GeneratedModule {
  readonly PrismaClient: new (options: { adapter: object }) => GeneratedClient;
  readonly Prisma: PrismaValues;
}

interface GeneratedClient {
  readonly $executeRawUnsafe: (sql: string, ...values: readonly unknown[]) => Promise<number>;
  readonly $disconnect: () => Promise<void>;
}

const PRISMA_FOLDER = fileURLToPath(new URL('../../../prisma', import.meta.url));

/** The sample's schema for PostgreSQL, which the default migrations make. */
export const POSTGRESQL_SCHEMA = readFileSync(join(PRISMA_FOLDER, 'schema.prisma'), 'utf8');

/**
 * The same models as the application had them on SQLite: no native types, no JSON default, and
 * autoincrement only on Int, since only an INTEGER PRIMARY KEY can count in SQLite.
 */
export const SQLITE_SCHEMA = POSTGRESQL_SCHEMA.replaceAll(/ @db\.\w+(?:\([\d, ]+\))?/g, '')
  .replaceAll(' @default("{}")', '')
  .replaceAll(/BigInt( +@id)/g, 'Int$1')
  .replace('provider = "postgresql"', 'provider = "sqlite"');

/** Runs the real `prisma generate` into a new folder below `parent`, and loads what it wrote. */
export async function generateClient(schema: string, parent: string): Promise<ClientModule> {
  const folder = await generateClients(
    schema.replace('"./generated/client"', '"./client"'),
    parent,
  );
  const { PrismaClient, Prisma } = (await import(
    pathToFileURL(join(folder, 'client', 'client.ts')).href
  )) as GeneratedModule;
  return { values: Prisma, connect: (adapter) => wrap(new PrismaClient({ adapter })) };
}

function wrap(client: GeneratedClient): Client {
  const delegates = client as unknown as Readonly<Record<string, Delegate>>;
  return {
    model: (name) => {
      const delegate = delegates[name];
      if (delegate === undefined) throw new Error(`the client has no model ${name}`);
      return delegate;
    },
    executeRaw: async (sql, ...values) => client.$executeRawUnsafe(sql, ...values),
    disconnect: async () => client.$disconnect(),
  };
}

/** A new SQLite file with the application's own migrations and nothing else. */
export function createApplicationDatabase(file: string): string {
  const database = new BetterSqlite3(file);
  applyMigrations(database);
  database.close();
  return file;
}

/** A client of the SQLite file through the real driver adapter. */
export function connectSqlite(
  module: ClientModule,
  file: string,
  timestampFormat: TimestampFormat = 'iso8601',
): Client {
  return module.connect(new PrismaBetterSqlite3({ url: `file:${file}` }, { timestampFormat }));
}

/** A client of a PostgreSQL database through the real driver adapter. */
export function connectPostgres(module: ClientModule, url: string): Client {
  return module.connect(new PrismaPg({ connectionString: url }));
}
