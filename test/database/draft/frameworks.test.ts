import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_TYPES } from '../../../scripts/lib/draft/names/database-names.ts';
import { createTestDatabase } from '../../support/database.ts';
import { draftInProcess, moveByDraft } from '../../support/drafted.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { DJANGO, DRIZZLE, LARAVEL, PLAIN, PRISMA, RAILS } from './frameworks.ts';

const folder = temporaryFolder();

interface Case {
  readonly tool: string;
  readonly sql: string;
  /** Lines of the schema, with blanks as one. */
  readonly lines: readonly string[];
  /** Parts of the first migration. */
  readonly statements?: readonly string[];
  readonly mapping: Record<string, unknown>;
  readonly totalRows: number;
}

const CASES: readonly Case[] = [
  {
    tool: 'Prisma',
    sql: PRISMA,
    lines: [
      'id String @id',
      'email String @unique',
      'isAdmin Boolean @default(false)',
      'visits BigInt @default(0)',
      'meta Json?',
      'avatar Bytes?',
      'seenOn Int?',
      'createdAt DateTime @default(now()) @db.Timestamptz(3)',
      'updatedAt DateTime @updatedAt @db.Timestamptz(3)',
      'author User @relation(fields: [authorId], references: [id], onDelete: Restrict, onUpdate: Cascade)',
      '@@index([authorId, title])',
      'model PostToTag {',
      '@@unique([a, b])',
      '@@map("_PostToTag")',
    ],
    mapping: {},
    totalRows: 9,
  },
  {
    tool: 'Django',
    sql: DJANGO,
    lines: [
      'model AuthUser {',
      'username String @unique @db.VarChar(150)',
      'lastLogin DateTime? @map("last_login") @db.Timestamptz(3)',
      'dateJoined DateTime @map("date_joined") @db.Timestamptz(6)',
      'id String @id @db.Uuid',
      'stock Int',
      'attributes Json',
      'released DateTime? @db.Date',
      'opens DateTime? @db.Time(0)',
      'duration BigInt?',
      'ownerId Int @map("owner_id")',
      '@@unique([productId, userId])',
    ],
    statements: [
      'CHECK (("stock" >= 0))',
      'ALTER TABLE "shop_product" ALTER CONSTRAINT "shop_product_owner_id_fkey" DEFERRABLE INITIALLY DEFERRED;',
    ],
    mapping: { django_migrations: { skip: 'Django lists its own migrations there' } },
    totalRows: 5,
  },
  {
    tool: 'Rails',
    sql: RAILS,
    lines: [
      'model Person {',
      'email String @unique @default("")',
      'admin Boolean @default(false)',
      'balance Decimal? @default(0.0) @db.Decimal(10, 2)',
      'bornOn DateTime? @map("born_on") @db.Date',
      'settings Json? @default("{}")',
      'createdAt DateTime @map("created_at") @db.Timestamptz(6)',
      'updatedAt DateTime @updatedAt @map("updated_at") @db.Timestamptz(6)',
      'title String? @db.VarChar(80)',
      'person Person @relation(fields: [personId], references: [id], onDelete: NoAction, onUpdate: NoAction)',
      'articles Article[]',
    ],
    statements: [
      'CREATE UNIQUE INDEX "index_articles_published" ON "articles" ("title") WHERE ("status" = 1);',
    ],
    mapping: {
      schema_migrations: { skip: 'Rails lists its own migrations there' },
      ar_internal_metadata: { skip: 'Rails lists its own migrations there' },
    },
    totalRows: 4,
  },
  {
    tool: 'Laravel',
    sql: LARAVEL,
    lines: [
      'enum OrderStatus {',
      'IN_PROGRESS @map("in progress")',
      'status OrderStatus @default(draft)',
      'isAdmin Boolean @default(false) @map("is_admin")',
      'emailVerifiedAt DateTime? @map("email_verified_at") @db.Timestamptz(3)',
      'total Decimal @db.Decimal(12, 2)',
      'lastActivity BigInt @map("last_activity")',
      '@@index([lastActivity])',
      'user User @relation(fields: [userId], references: [id], onDelete: Cascade, onUpdate: NoAction)',
    ],
    mapping: { migrations: { skip: 'Laravel lists its own migrations there' } },
    totalRows: 4,
  },
  {
    tool: 'Drizzle',
    sql: DRIZZLE,
    lines: [
      'isAdmin Boolean @default(false) @map("is_admin")',
      'createdAt DateTime @default(now()) @map("created_at") @db.Timestamptz(3)',
      'updatedAt DateTime? @updatedAt @map("updated_at") @db.Timestamptz(3)',
      'profile String?',
      'done Boolean @default(false)',
      'dueAt DateTime? @map("due_at") @db.Timestamptz(3)',
    ],
    mapping: {
      users: {
        columns: { created_at: { convert: 'epoch_s' }, updated_at: { convert: 'epoch_s' } },
      },
      todos: { columns: { due_at: { convert: 'epoch_ms' } } },
      __drizzle_migrations: { skip: 'Drizzle lists its own migrations there' },
    },
    totalRows: 4,
  },
  {
    tool: 'plain SQL',
    sql: PLAIN,
    lines: [
      'POWER_USER @map("power user")',
      'email String @unique @db.VarChar(255)',
      `name String? @default("it's")`,
      'full String? @default(dbgenerated())',
      'initial String?',
      'postsByAuthor Post[] @relation("PostAuthor")',
      'parent Post? @relation("PostParent", fields: [parentId], references: [id], onDelete: NoAction, onUpdate: NoAction)',
      'raw Bytes?',
      'profile Profile?',
      'tagRelation Tag @relation(fields: [tag], references: [name], onDelete: NoAction, onUpdate: NoAction)',
      '@@id([postId, tag])',
      '@@index([score(sort: Desc)])',
      'size BigInt?',
      '@@ignore',
      'photo Bytes? @default("AP8=")',
    ],
    statements: [
      'CREATE INDEX "posts_published" ON "posts" ("score" DESC, "title") WHERE ("published" = TRUE);',
      'CREATE UNIQUE INDEX "posts_lower" ON "posts" ((lower("title" COLLATE "C")));',
      'CREATE UNIQUE INDEX "users_email_key_2" ON "users" ((lower("email" COLLATE "C")));',
      'CHECK ((("score" > 0) OR ("published" IS NULL)))',
      'CHECK ((("age" >= 0) AND ("age" < 150)))',
      `ADD COLUMN "full" text GENERATED ALWAYS AS (((("name" || ' <') || "email") || '>')) STORED;`,
    ],
    mapping: { posts: { columns: { raw: { convert: 'digits' } } } },
    totalRows: 13,
  },
];

describe('a database that was made by', () => {
  it.each(CASES)('$tool goes through all stages by its draft', async (given) => {
    const path = join(folder, given.tool);
    const source = createSource(`${path}.db`, given.sql);
    const drafted = await draftInProcess(source, path);
    const lines = drafted.schema.split('\n').map((line) => line.trim().replaceAll(/ +/g, ' '));
    expect(lines).toEqual(expect.arrayContaining([...given.lines]));
    for (const statement of given.statements ?? []) expect(drafted.migration).toContain(statement);
    expect(drafted.mapping).toMatchObject({ tables: given.mapping });
    const moved = await moveByDraft(source, drafted);
    expect(moved.troubles).toEqual([]);
    expect(moved.totalRows).toBe(given.totalRows);
  });
});

it('a computed column is an ordinary one where its type makes other values of what is computed', async () => {
  const path = join(folder, 'computed');
  const source = createSource(
    `${path}.db`,
    `CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, code REAL AS (lower(name)) STORED, low TEXT AS (lower(name)));
     INSERT INTO t (name) VALUES ('B27'), ('14'), (NULL);`,
  );
  const drafted = await draftInProcess(source, path);
  expect(drafted.migration).toContain('ADD COLUMN "low" text GENERATED ALWAYS');
  expect(drafted.migration).not.toContain('ADD COLUMN "code"');
  expect(drafted.text).toContain('**t.code**: a generated column, drafted as an ordinary one');
  const moved = await moveByDraft(source, drafted);
  expect(moved.troubles).toEqual([]);
  expect(await moved.database.query('SELECT code FROM t ORDER BY id')).toEqual([
    { code: 'b27' },
    { code: '14.0' },
    { code: null },
  ]);
});

it('the types that PostgreSQL has are known', async () => {
  const database = await createTestDatabase();
  const types = await database.query<{ typname: string }>(
    `SELECT typname FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typname !~ '^(_|pg_)'`,
  );
  expect(types.filter(({ typname }) => !BUILT_IN_TYPES.has(typname))).toEqual([]);
});

it('enums have no names of types that Prisma or PostgreSQL have', async () => {
  const path = join(folder, 'enums');
  const source = createSource(
    `${path}.db`,
    `CREATE TABLE "" (id INTEGER PRIMARY KEY, "string" TEXT CHECK ("string" IN ('a', 'b')), "int4" TEXT CHECK ("int4" IN ('c', 'd')));
     CREATE TABLE event (id INTEGER PRIMARY KEY, "trigger" TEXT CHECK ("trigger" IN ('g')));
     CREATE TABLE dates (id INTEGER PRIMARY KEY, "😀" TEXT CHECK ("😀" IN ('e', 'f')));
     INSERT INTO "" VALUES (1, 'a', 'c'), (2, 'b', NULL); INSERT INTO dates VALUES (1, 'e'); INSERT INTO event VALUES (1, 'g');`,
  );
  const drafted = await draftInProcess(source, path);
  const enums = [...drafted.schema.matchAll(/^enum (\w+)/gm)].map(([, name]) => name);
  expect(enums).toEqual(['StringEnum', 'Int4', 'DateEnum', 'EventTrigger']);
  expect((await moveByDraft(source, drafted)).troubles).toEqual([]);
});

it('a column whose AUTOINCREMENT has no number left gets no sequence', async () => {
  const path = join(folder, 'exhausted');
  const source = createSource(
    `${path}.db`,
    `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v); CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT, v);
     INSERT INTO t VALUES (1, 'x'), (9223372036854775807, 'y'); DELETE FROM t WHERE v = 'y';
     INSERT INTO u VALUES (9223372036854775807, 'y'); DELETE FROM u;`,
  );
  const drafted = await draftInProcess(source, path);
  expect(drafted.schema).not.toContain('autoincrement()');
  expect((await moveByDraft(source, drafted)).troubles).toEqual([]);
});
