import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';

import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { quoteIdentifier } from '../../model/sql.ts';
import { stripKeys } from '../bare-database.ts';
import type { CaseTable } from '../cases/shape.ts';
import { withClient } from '../databases.ts';
import { RivalFailed, timeOnly, type Arena, type Contestant } from './contestant.ts';
import { MIGRATED_DATABASE } from './ours.ts';
import { requireAllRows } from './row-count.ts';
import { CSV_ARGUMENTS, SQLITE_COMMAND, selectForCsv } from './sqlite-command.ts';

const DATABASE = 'bench_floor';

/**
 * The least that a load can take: what SQLite's own program writes goes into COPY as it is, table after
 * table, without any key; then keys, indexes and foreign keys are made. Nothing is checked, and there is
 * nothing to go on from when it stops.
 */
export function floor(arena: Arena): Contestant {
  const { dataset, server } = arena;
  let keys: readonly string[] = [];
  return {
    name: 'floor',
    reads: 'source',
    prepare: async () => {
      await server.recreate(DATABASE, MIGRATED_DATABASE);
      keys = await withClient(server.urlOf(DATABASE), stripKeys);
    },
    run: async () => {
      const elapsedMs = await withClient(server.urlOf(DATABASE), async (client) =>
        load(client, keys, arena),
      );
      await requireAllRows(server.urlOf(DATABASE), dataset, 'the floor');
      return timeOnly(elapsedMs);
    },
  };
}

/** @returns milliseconds @throws RivalFailed when PostgreSQL refuses what sqlite3 writes */
async function load(client: pg.Client, keys: readonly string[], arena: Arena): Promise<number> {
  const startedAt = performance.now();
  try {
    for (const table of arena.dataset.tables) await copyTable(client, table, arena);
    for (const statement of keys) await client.query(statement);
  } catch (error) {
    if (error instanceof pg.DatabaseError) throw new RivalFailed(`the floor: ${error.message}`);
    throw error;
  }
  return performance.now() - startedAt;
}

async function copyTable(
  client: pg.Client,
  table: CaseTable,
  { dataset, signal }: Arena,
): Promise<void> {
  const args = [...CSV_ARGUMENTS, dataset.source, selectForCsv(table)];
  const child = spawn(SQLITE_COMMAND, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const columns = table.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const copy = `COPY ${quoteIdentifier(table.name)} (${columns}) FROM STDIN (FORMAT csv)`;
  try {
    await pipeline(child.stdout, client.query(copyFrom(copy)), { signal });
  } finally {
    child.kill();
  }
}
