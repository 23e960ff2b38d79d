import { readFile } from 'node:fs/promises';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import { SchemaEngineAdapterFactory } from './adapter.ts';
import { parseConnection } from './connection.ts';
import type { EngineArguments } from './engine-arguments.ts';
import { codeOf, messageOf, UserFacingError } from './errors.ts';
import { logLine } from './log.ts';
import type { ScriptFailure } from './migration-failure.ts';
import { OfflineAdapterFactory } from './offline-adapter.ts';
import { loadEngineModule } from './wasm.ts';

/** The engines of one process: one that is connected to the database, one that needs none; each made when first asked for. */
export class EngineSession {
  readonly #args: EngineArguments;
  #adapters: SchemaEngineAdapterFactory | undefined;
  #connected: Promise<SchemaEngine> | undefined;
  #offline: Promise<SchemaEngine> | undefined;

  constructor(args: EngineArguments) {
    this.#args = args;
  }

  /** The database's URL as the CLI has given it. */
  get url(): string | undefined {
    return this.#args.url;
  }

  /** @throws UserFacingError when there is no URL, or it is not one of PostgreSQL */
  connected(): Promise<SchemaEngine> {
    return (this.#connected ??= this.#connect());
  }

  /** For work on schema files alone. */
  offline(): Promise<SchemaEngine> {
    return (this.#offline ??= this.#create(new OfflineAdapterFactory()));
  }

  /** The script that the database has refused last. */
  get scriptFailure(): ScriptFailure | undefined {
    return this.#adapters?.scriptFailure;
  }

  /** Closes all connections; a temporary database is dropped. */
  async dispose(): Promise<void> {
    await this.#adapters?.dispose();
  }

  async #connect(): Promise<SchemaEngine> {
    const { url, shadowUrl } = this.#args;
    const shadow = shadowUrl === undefined ? undefined : parseConnection(shadowUrl);
    this.#adapters = new SchemaEngineAdapterFactory(parseConnection(url), shadow);
    try {
      return await this.#create(this.#adapters);
    } catch (error) {
      const code = codeOf(this.#adapters.queryFailure);
      throw code === undefined ? error : new UserFacingError(code, messageOf(error), error);
    }
  }

  async #create(
    adapters: Parameters<typeof bindMigrationAwareSqlAdapterFactory>[0],
  ): Promise<SchemaEngine> {
    const datamodels = await Promise.all(
      this.#args.schemaFiles.map(async (path): Promise<[string, string]> => [
        path,
        await readFile(path, 'utf8'),
      ]),
    );
    const { SchemaEngine } = await loadEngineModule();
    return await SchemaEngine.new(
      { datamodels: datamodels.length > 0 ? datamodels : undefined },
      (line: string) => {
        if (process.env['RUST_LOG'] === 'debug') logLine('INFO', { message: line });
      },
      bindMigrationAwareSqlAdapterFactory(adapters),
    );
  }
}
