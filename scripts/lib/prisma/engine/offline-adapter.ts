import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type {
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  SqlResultSet,
} from '@prisma/driver-adapter-utils';

/** Migrations made without a database are made for this version of PostgreSQL or a later one. */
const SERVER_VERSION = 'PostgreSQL 15';
const SERVER_VERSION_NUMBER = 150_000;

/**
 * Stands in for a database where the engine needs none (a diff between schema files): it answers the one question
 * that the engine asks of every connection, whether the schema exists and which version the server has.
 */
export class OfflineAdapterFactory implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = 'postgres';
  readonly adapterName = '@prisma/adapter-pg';

  async connect(): Promise<SqlDriverAdapter> {
    return {
      provider: this.provider,
      adapterName: this.adapterName,
      queryRaw: async () => SERVER_FACTS,
      executeRaw: refuse,
      executeScript: refuse,
      startTransaction: refuse,
      dispose: async () => {},
    };
  }

  connectToShadowDb(): Promise<SqlDriverAdapter> {
    return refuse();
  }
}

const SERVER_FACTS: SqlResultSet = {
  columnNames: ['exists', 'version', 'numeric_version'],
  columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
  rows: [[true, SERVER_VERSION, SERVER_VERSION_NUMBER]],
};

async function refuse(): Promise<never> {
  throw new Error('This needs a database, and none is connected.');
}
