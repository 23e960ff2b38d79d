import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../../scripts/lib/postgres/embedded.ts';
import { createTestDatabase } from '../../support/database.ts';
import { exportArtifact, importInProcess } from '../../support/in-process.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const artifact = join(folder, 'artifact');
const MIB = 1024 * 1024;
const TARGET = `CREATE TABLE a_first (id integer PRIMARY KEY);
  CREATE TABLE b_large (id integer PRIMARY KEY, text text);`;

type MakeTarget = () => Promise<Target>;

beforeAll(async () => {
  // The server's own account has to get at the disk.
  chmodSync(folder, 0o755);
  const source = createSource(
    join(folder, 'source.db'),
    `CREATE TABLE a_first (id INTEGER PRIMARY KEY); CREATE TABLE b_large (id INTEGER PRIMARY KEY, text TEXT);
     INSERT INTO a_first VALUES (1), (2);
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
       INSERT INTO b_large SELECT i, printf('%.500c', 'x') FROM n;`,
  );
  await exportArtifact(source, artifact);
});

/** A target, and the disk under it. */
interface Target {
  readonly url: string;
  readonly query: (sql: string) => Promise<unknown[]>;
  readonly fill: () => Promise<void>;
  readonly free: () => Promise<void>;
}

/** Says of the table's disk that it is full, with the SQLSTATE of a server that finds it so. */
async function reportedFull(): Promise<Target> {
  const database = await createTestDatabase();
  const answer = async (isFull: boolean): Promise<void> => {
    const body = isFull
      ? `IF id = 15000 THEN RAISE disk_full USING MESSAGE = 'could not extend file'; END IF; RETURN true;`
      : 'RETURN true;';
    await database.query(
      `CREATE OR REPLACE FUNCTION has_room(id integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
       AS $$ BEGIN ${body} END $$`,
    );
  };
  await answer(false);
  await database.query(`${TARGET} CREATE INDEX ON b_large (has_room(id))`);
  return {
    url: database.url,
    query: async (sql) => database.query(sql),
    fill: async () => answer(true),
    free: async () => answer(false),
  };
}

const disk = mountSmallDisk(join(folder, 'disk'), 256 * MIB);
let server: EmbeddedPostgres | undefined;

afterAll(async () => {
  await server?.stop();
  disk?.unmount();
});

/** A server whose files are on a small disk. */
async function really(small: NonNullable<typeof disk>): Promise<Target> {
  server = await startEmbeddedPostgres({ dataDirectory: join(small.path, 'server') });
  const url = await server.createDatabase('full');
  const query = async (sql: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  await query(TARGET);
  // The log of changes has its room already: where that cannot grow, the whole server ends.
  for (const sql of ['SELECT pg_switch_wal()', 'CREATE TABLE more_log ()', 'CHECKPOINT'])
    await query(sql);
  return {
    url,
    query,
    fill: async () => small.fill(2 * MIB),
    free: async () => small.free(),
  };
}

const targets: (readonly [name: string, make: MakeTarget])[] = [
  ['a server that finds its disk full', reportedFull],
];
// Where this process may mount, the disk is a real one as well.
if (disk !== null) {
  targets.push(['a server on a disk that this machine let us mount', async () => really(disk)]);
}

describe.each(targets)('an import into %s', (_, makeTarget) => {
  let target: Target;

  beforeAll(async () => {
    target = await makeTarget();
  });

  const counts = async (): Promise<unknown> =>
    target.query(
      `SELECT (SELECT count(*)::integer FROM a_first) AS first, (SELECT count(*)::integer FROM b_large) AS large`,
    );

  it('names it and what is committed, and goes on once there is space', async () => {
    await target.fill();
    const full = await importInProcess(artifact, target.url);
    expect(full).toMatchObject({
      exitCode: 12,
      error: {
        code: 'target-disk-full',
        message: expect.stringMatching(/SQLSTATE 53100 .*committed: a_first/),
        where: { table: 'b_large' },
        hint: expect.stringContaining('free some space on the server'),
      },
    });
    expect(await counts()).toEqual([{ first: 2, large: 0 }]);

    await target.free();
    const again = await importInProcess(artifact, target.url);
    expect(again.exitCode).toBe(0);
    expect(again.report?.tables.map(({ target: table, state }) => [table, state])).toEqual([
      ['a_first', 'done-before'],
      ['b_large', 'committed'],
    ]);
    expect(await counts()).toEqual([{ first: 2, large: 20_000 }]);
  });
});
