import { randomUUID } from 'node:crypto';
import type {
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQuery,
} from '@prisma/driver-adapter-utils';
import { escapeIdentifier } from 'pg';
import { openConnection } from './adapter-connection.ts';
import { isSamePlace, withDatabase } from './connection.ts';
import type { Connection } from './connection.ts';
import type { ScriptFailure } from './migration-failure.ts';

/**
 * Prisma's adapter for pg, with what the Schema Engine needs besides.
 * `dispose` closes what the engine has left open, and drops temporary databases.
 */
export class SchemaEngineAdapterFactory implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = 'postgres';
  readonly adapterName = '@prisma/adapter-pg';
  readonly #main: Connection;
  readonly #shadow: Connection | undefined;
  readonly #open = new Set<SqlDriverAdapter>();
  /** Why the main database could not be used when it was first asked; the engine passes on no more than a text. */
  queryFailure: unknown;
  /** The script that the main database has refused last. */
  scriptFailure: ScriptFailure | undefined;

  constructor(main: Connection, shadow: Connection | undefined) {
    if (shadow !== undefined && isSamePlace(main, shadow)) {
      throw new Error('The shadow database is the main database, and it would be emptied.');
    }
    this.#main = main;
    this.#shadow = shadow;
  }

  async connect(): Promise<SqlDriverAdapter> {
    const adapter = this.#register(await openConnection(this.#main));
    const queryRaw = adapter.queryRaw.bind(adapter);
    const executeScript = adapter.executeScript.bind(adapter);
    return Object.assign(adapter, {
      queryRaw: (query: SqlQuery) =>
        queryRaw(query).catch((error: unknown) => {
          this.queryFailure = error;
          throw error;
        }),
      executeScript: (script: string) =>
        executeScript(script).catch((error: unknown) => {
          this.scriptFailure = { script, error };
          throw error;
        }),
    });
  }

  /** An empty database to replay migrations in: the user's shadow database, else one made for the occasion. */
  async connectToShadowDb(): Promise<SqlDriverAdapter> {
    if (this.#shadow === undefined) return this.#register(await this.#createShadowDatabase());
    const adapter = await openConnection(this.#shadow);
    const schema = escapeIdentifier(this.#shadow.schema);
    await adapter.executeScript(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}`);
    return this.#register(adapter);
  }

  async dispose(): Promise<void> {
    for (const adapter of this.#open) await adapter.dispose();
  }

  /** adapter-pg's own drops the database while its pool is still connected to it, and forgets the schema. */
  async #createShadowDatabase(): Promise<SqlDriverAdapter> {
    const name = `prisma_migrate_shadow_db_${randomUUID()}`;
    const admin = await openConnection(this.#main);
    try {
      await admin.executeScript(`CREATE DATABASE ${escapeIdentifier(name)}`);
    } catch (error) {
      await admin.dispose();
      throw error;
    }
    const shadow = await openConnection(withDatabase(this.#main, name));
    return Object.assign(shadow, {
      dispose: disposeBefore(shadow, async () => {
        await admin.executeScript(`DROP DATABASE ${escapeIdentifier(name)}`);
        await admin.dispose();
      }),
    });
  }

  #register(adapter: SqlDriverAdapter): SqlDriverAdapter {
    this.#open.add(adapter);
    const forget = async (): Promise<void> => {
      this.#open.delete(adapter);
    };
    return Object.assign(adapter, { dispose: disposeBefore(adapter, forget) });
  }
}

/** Disposes of the adapter first and does `then` after; from the second call on, nothing. */
function disposeBefore(adapter: SqlDriverAdapter, then: () => Promise<void>): () => Promise<void> {
  const dispose = adapter.dispose.bind(adapter);
  let done: Promise<void> | undefined;
  return () => (done ??= dispose().then(then));
}
