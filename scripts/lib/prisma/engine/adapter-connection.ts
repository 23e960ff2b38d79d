import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter, SqlQuery, SqlResultSet } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import type { Connection } from './connection.ts';
import { codeOf } from './errors.ts';

const CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * Opens a connection to the database. Where TLS is optional, this tries it; any fault but its absence is left for
 * the first query to meet, of which the engine has better words.
 */
export async function openConnection(connection: Connection): Promise<SqlDriverAdapter> {
  const adapter = await openAdapter(connection);
  if (!connection.tlsIsOptional || (await hasTls(adapter))) return adapter;
  await adapter.dispose();
  return await openAdapter({ ...connection, config: { ...connection.config, ssl: false } });
}

async function hasTls(adapter: SqlDriverAdapter): Promise<boolean> {
  try {
    await adapter.executeScript('SELECT 1');
    return true;
  } catch (error) {
    return codeOf(error) !== 'P1011';
  }
}

async function openAdapter(connection: Connection): Promise<SqlDriverAdapter> {
  const { pool, charColumnsOf } = openPool(connection);
  const adapter = await new PrismaPg(pool, {
    schema: connection.schema,
    disposeExternalPool: true,
  }).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    queryRaw: async (query: SqlQuery): Promise<SqlResultSet> => {
      const result = await queryRaw(query);
      for (const column of charColumnsOf(result.rows)) {
        result.columnTypes[column] = ColumnTypeEnum.Character;
      }
      return result;
    },
    // adapter-pg's own cuts the script at every semicolon, also within strings and function bodies. A query without
    // parameters goes by the simple protocol, which takes a whole script and runs it as one transaction.
    executeScript: async (sql: string): Promise<void> => {
      await adapter.executeRaw({ sql, args: [], argTypes: [] });
    },
  });
}

interface EnginePool {
  readonly pool: pg.Pool;
  /** Indexes of the columns of type "char" in a result that came from this pool, found by its `rows`. */
  readonly charColumnsOf: (rows: readonly unknown[]) => readonly number[];
}

/**
 * A pool of one connection, kept: the engine's advisory lock and search path belong to a session.
 * adapter-pg refuses results with columns of PostgreSQL's "char" type, and every introspection has some: they are
 * shown to it as text, and the result is put right after it.
 */
function openPool({ config, schema }: Connection): EnginePool {
  const pool = new pg.Pool({
    ...config,
    max: 1,
    idleTimeoutMillis: 0,
    verify: (client, done) => {
      const sql = `SET search_path = ${pg.escapeIdentifier(schema)}`;
      client.query(sql).then(() => done(), done);
    },
  });
  const query = pool.query.bind(pool);
  const charColumns = new WeakMap<readonly unknown[], number[]>();
  return {
    pool: Object.assign(pool, {
      query: async (request: pg.QueryArrayConfig): Promise<pg.QueryArrayResult> => {
        const result = await query(request);
        // A script of several statements has several results, which nobody reads.
        if (Array.isArray(result)) return result;
        charColumns.set(result.rows, showCharAsText(result.fields));
        return result;
      },
    }),
    charColumnsOf: (rows) => charColumns.get(rows) ?? [],
  };
}

function showCharAsText(fields: pg.FieldDef[]): number[] {
  const columns: number[] = [];
  for (const [index, field] of fields.entries()) {
    if (field.dataTypeID !== CHAR_OID) continue;
    field.dataTypeID = TEXT_OID;
    columns.push(index);
  }
  return columns;
}
