import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyWithPrismaClient } from '../../../scripts/lib/commands/verify-prisma-client.ts';
import { verifyArtifact, type VerifyResult } from '../../../scripts/lib/commands/verify.ts';
import { ToolkitError } from '../../../scripts/lib/model/errors.ts';
import { exportedArtifact, quietContext } from '../../support/artifact.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { clientsFolder, generateClients } from '../../support/generated-client.ts';
import { createOwner } from '../../support/role.ts';
import { runScript } from '../../support/run-script.ts';
import { temporaryFolder } from '../../support/temp.ts';

const GENERATOR = (provider: string, output: string): string =>
  `generator ${output} {\n provider = "${provider}"\n output = "./${output}"\n}`;

const SCHEMA = `
${GENERATOR('prisma-client', 'client')}
${GENERATOR('prisma-client-js', 'js')}
datasource db {
  provider = "postgresql"
}
enum Color {
  RED
  GREEN @map("green")
  @@map("color")
}
model Event {
  id     Int       @id
  at     DateTime? @db.Timestamptz(6)
  days   DateTime[] @db.Date
  amount Decimal?
  big    BigInt?
  color  Color?
  colors Color[]
  data   Json?
  bytes  Bytes?
  pairs  Pair[]
  @@map("events")
}
model Pair {
  a       Int
  b       String
  eventId Int?   @map("event_id")
  event   Event? @relation(fields: [eventId], references: [id])
  @@id([b, a])
}`;

const TABLES = `
  CREATE TYPE color AS ENUM ('RED', 'green', 'blue');
  CREATE TABLE events (id integer PRIMARY KEY, at timestamptz(6), days date[], amount numeric, big bigint,
    color color, colors color[], data jsonb, bytes bytea);
  CREATE TABLE "Pair" (a integer, b text, event_id integer REFERENCES events, PRIMARY KEY (b, a));
  INSERT INTO events VALUES
    (1, '2024-02-29 12:00:00.123456+00', '{2024-02-29}', 12345678901234567890.123456789, 9223372036854775807,
     'green', '{RED,green}', '{"a": [1, null]}', '\\x00ff'),
    (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
  INSERT INTO events (id, at) SELECT i, '0001-01-01 00:00:00+00' FROM generate_series(3, 1000) AS i;
  INSERT INTO "Pair" VALUES (1, 'x', 1), (2, 'x', NULL), (1, 'é', 2);`;

const OTHER_SESSIONS = `SELECT 1 FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

const folder = temporaryFolder();
const generated = clientsFolder();
let client: string;
let artifact: string;
let template: TestDatabase;

beforeAll(async () => {
  client = await generateClients(SCHEMA, generated);
  artifact = await exportedArtifact(folder, 'a', 'CREATE TABLE t (id INTEGER PRIMARY KEY);');
  template = await createTestDatabase();
  await template.query(TABLES);
}, 60_000);

/** A database with the tables and rows, and what this SQL makes of them. */
async function databaseWith(sql = ''): Promise<TestDatabase> {
  const database = await createTestDatabase({ template: template.name });
  if (sql !== '') await database.query(sql);
  return database;
}

async function readThrough(
  target: string,
  path = join(client, 'client'),
  context = quietContext,
): Promise<VerifyResult> {
  return verifyWithPrismaClient(
    { path, target, env: {} },
    async () => verifyArtifact({ artifact }, context),
    context,
  );
}

/** What is found after this SQL, as lines: the message, then the places. */
async function found(sql: string): Promise<string[]> {
  const { findings } = await readThrough((await databaseWith(sql)).url);
  return findings.flatMap(({ message, examples }) => [
    message,
    ...examples.map(({ rowKey, detail }) => `  ${rowKey ?? detail ?? ''}`),
  ]);
}

describe('a target that the application can read', () => {
  it('is read by the script, through a client in TypeScript', async () => {
    const { url } = await databaseWith();
    const path = join(client, 'client');
    const flags = ['--prisma-client', path, '--target', url];
    const { exitCode, json } = await runScript('verify', [artifact, ...flags, '--json']);
    expect(json()).toMatchObject({
      prismaClient: { models: [{ isReadable: true }, { isReadable: true }] },
    });
    // The artifact's own table is not in that target.
    expect(exitCode).toBe(3);
  });

  it.each(['client', 'js', 'client/client.ts', 'js/index.js'])(
    'is read through %s: every model, ten rows, no finding',
    async (path) => {
      const database = await databaseWith();
      const { prismaClient, findings } = await readThrough(database.url, join(client, path));
      expect(findings).toEqual([]);
      expect(prismaClient?.models).toEqual([
        { model: 'Event', table: 'events', rowCount: 1000, rowsRead: 10, isReadable: true },
        { model: 'Pair', table: 'Pair', rowCount: 3, rowsRead: 3, isReadable: true },
      ]);
    },
  );

  it('is read in the schema that is asked for', async () => {
    const database = await databaseWith('CREATE SCHEMA other');
    await database.query(`SET search_path = other; ${TABLES} DELETE FROM "Pair"`);
    const url = `${database.url}?schema=other`;
    const { prismaClient, findings } = await readThrough(url);
    expect(findings).toEqual([]);
    expect(prismaClient?.models.map(({ rowCount }) => rowCount)).toEqual([1000, 0]);
  });

  it('is read by a role that may do nothing else, and nothing is written', async () => {
    const database = await databaseWith();
    const reader = await createOwner(database);
    await database.query(
      `ALTER DATABASE "${database.name}" OWNER TO CURRENT_USER;
       GRANT SELECT ON ALL TABLES IN SCHEMA public TO "${reader.name}"`,
    );
    const written = `SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::int AS n FROM pg_stat_user_tables`;
    const before = await database.query(written);
    expect((await readThrough(reader.url)).findings).toEqual([]);
    expect(await database.query(written)).toEqual(before);
  });

  it('leaves no session behind', async () => {
    const database = await databaseWith();
    await readThrough(database.url);
    await expect.poll(async () => database.query(OTHER_SESSIONS)).toEqual([]);
  });

  it('is let go at once when the script is to stop, in the middle of a statement too', async () => {
    const database = await databaseWith();
    const lock = new pg.Client({ connectionString: database.url });
    await lock.connect();
    await lock.query('BEGIN; LOCK TABLE "Pair"');
    const controller = new AbortController();
    const reading = readThrough(database.url, undefined, {
      ...quietContext,
      signal: controller.signal,
    }).catch((error: unknown) => error);
    const waiting = `${OTHER_SESSIONS} AND wait_event_type = 'Lock'`;
    await expect.poll(async () => database.query(waiting), { timeout: 60_000 }).toHaveLength(1);
    controller.abort();
    expect(await reading).toBeInstanceOf(Error);
    await lock.end();
    await expect.poll(async () => database.query(OTHER_SESSIONS)).toEqual([]);
  });
});

describe('what the client cannot give to the application is found:', () => {
  const at = 'Prisma Client cannot read Event.at: it comes as an invalid date';
  const cases: readonly (readonly [what: string, sql: string, expected: readonly string[]])[] = [
    [
      'an infinite time in the first row',
      `UPDATE events SET at = 'infinity' WHERE id = 1`,
      [at, '  id=1', '  its largest value'],
    ],
    [
      'a year that JavaScript does not have, in a row that is not among the ten',
      `UPDATE events SET at = '294276-01-01' WHERE id = 777`,
      [at, '  its largest value'],
    ],
    [
      'a time before the year 1',
      `UPDATE events SET at = '0044-03-15 BC' WHERE id = 779`,
      [at, '  its smallest value'],
    ],
    [
      'a date in an array',
      `UPDATE events SET days = '{2024-01-01,infinity}' WHERE id = 1000`,
      ['Prisma Client cannot read Event.days: it comes as an invalid date', '  id=1000'],
    ],
    [
      'a label that the client does not have, in whatever row',
      `UPDATE events SET color = 'blue' WHERE id = 779`,
      [
        "Prisma Client cannot read Event.color: the client's enum Color has no value for the label blue (P2023)",
        '  a label that a row has',
      ],
    ],
    [
      'one in an array of the last row',
      `UPDATE events SET colors = '{RED,blue}' WHERE id = 1000`,
      [
        "Prisma Client cannot read Event.colors: the client's enum Color has no value for the label blue (P2023)",
        '  id=1000',
      ],
    ],
    [
      'a number that is too large for the type of the field',
      `ALTER TABLE "Pair" ALTER a TYPE bigint; UPDATE "Pair" SET a = 9007199254740993 WHERE b = 'é'`,
      [
        'Prisma Client cannot read Pair.a: Integer value is too large (P2023)',
        '  b="é"',
        '  its smallest or its largest value',
      ],
    ],
    [
      'a column of another type',
      `ALTER TABLE events ALTER big TYPE text USING CASE WHEN id = 1 THEN 'secret' END`,
      [
        'Prisma Client cannot read Event.big: what is there cannot be converted (SyntaxError)',
        '  id=1',
        '  its smallest or its largest value',
      ],
    ],
    [
      'a column that is missing',
      'DELETE FROM "Pair"; DELETE FROM events WHERE id > 1; ALTER TABLE events RENAME data TO other',
      [
        'Prisma Client cannot read Event.data: The column `events.data` does not exist in the current database. (P2022)',
        '  id=1',
      ],
    ],
    [
      'a table that is missing',
      'DROP TABLE "Pair"',
      [
        'Prisma Client cannot read the model Pair: The table `public.Pair` does not exist in the current database. (P2021)',
      ],
    ],
  ];

  it.each(cases)('%s', async (_, sql, expected) => {
    const lines = await found(sql);
    expect(lines).toEqual(expected);
    expect(lines.join('\n')).not.toMatch(/secret|9007199254740993/);
  });
});

describe('a client that cannot be loaded is said before anything else, with what to do:', () => {
  const cases: readonly (readonly [what: string, make: () => string, reason: string])[] = [
    ['no such path', () => join(folder, 'nowhere'), 'there is nothing at that path'],
    ['a folder without one', () => folder, 'the folder holds no client.ts and no index.js'],
    [
      'a file that is none',
      () => moduleWith('none.mjs', 'export const PrismaClient = 1;'),
      'it exports no PrismaClient',
    ],
    [
      'a client that was never generated',
      () => moduleWith('absent.mjs', `import 'never-generated/client';`),
      'never-generated',
    ],
    [
      'another class of that name',
      () => moduleWith('other.mjs', 'export class PrismaClient {}'),
      'it is not a client of Prisma 7',
    ],
  ];

  it.each(cases)('%s', async (_, make, reason) => {
    const path = make();
    const database = await databaseWith();
    const failure = await readThrough(database.url, path).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ToolkitError);
    expect(failure).toMatchObject({
      kind: 'usage',
      code: 'prisma-client-unloadable',
      where: { file: path },
      message: expect.stringContaining(reason) as string,
      hint: expect.stringContaining('npx prisma generate') as string,
    });
  });

  it('a client of another database', async () => {
    const sqlite = `${GENERATOR('prisma-client', 'client')}
      datasource db {
        provider = "sqlite"
      }
      model Thing {
        id Int @id
      }`;
    const path = join(await generateClients(sqlite, generated), 'client');
    expect(existsSync(path)).toBe(true);
    await expect(readThrough(template.url, path)).rejects.toMatchObject({
      code: 'prisma-client-unloadable',
      message: expect.stringContaining('sqlite') as string,
    });
  }, 60_000);
});

function moduleWith(name: string, text: string): string {
  mkdirSync(join(folder, 'modules'), { recursive: true });
  const file = join(folder, 'modules', name);
  writeFileSync(file, text);
  return file;
}
