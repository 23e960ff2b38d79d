import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSample } from '../../../scripts/lib/sample/build.ts';
import type { TestDatabase } from '../../support/database.ts';
import { clientsFolder } from '../../support/generated-client.ts';
import { exportArtifact, importInProcess } from '../../support/in-process.ts';
import { createMigratedDatabase } from '../../support/migrated-database.ts';
import { querySource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';
import {
  applicationRows,
  LARGE_TABLE_ROWS,
  LARGEST_DOUBLE,
  modelNamed,
  plainRow,
  writeRows,
  type ApplicationRows,
} from './application.ts';
import {
  connectPostgres,
  connectSqlite,
  createApplicationDatabase,
  generateClient,
  POSTGRESQL_SCHEMA,
  SQLITE_SCHEMA,
  type AppRow,
  type Client,
  type ClientModule,
  type TimestampFormat,
} from './clients.ts';
import { readContents } from './database-contents.ts';
import { parseModels, type Model, type ModelRelation } from './prisma-models.ts';

const TOTAL_ROWS = 67 + LARGE_TABLE_ROWS;
const schema = parseModels(SQLITE_SCHEMA);
const target = parseModels(POSTGRESQL_SCHEMA);
const TABLES = schema.models.map(({ table }) => table);
const folder = temporaryFolder();
const generated = clientsFolder();

/** Who wrote a source, and what PostgreSQL got from it. */
interface Arrival {
  readonly file: string;
  readonly database: TestDatabase;
}

let sqlite: ClientModule;
let postgres: ClientModule;
let given: ApplicationRows;
let sample: Arrival;
let isoText: Arrival;
let milliseconds: Arrival;

async function arrive(file: string): Promise<Arrival> {
  const artifact = await exportArtifact(file, `${file}.artifact`);
  const database = await createMigratedDatabase();
  const outcome = await importInProcess(artifact, database.url);
  expect(outcome).toMatchObject({ exitCode: 0, report: { totalRows: TOTAL_ROWS } });
  return { file, database };
}

/** The database as the sample builds it, with milliseconds in most places and ISO text in some. */
async function sampleFile(): Promise<string> {
  const file = join(folder, 'sample.db');
  await buildSample({ file, rows: LARGE_TABLE_ROWS });
  const database = new BetterSqlite3(file);
  const { written, slug } = LARGEST_DOUBLE;
  database.prepare('UPDATE organizations SET risk_factor = ? WHERE slug = ?').run(written, slug);
  database.close();
  return file;
}

/** The database as an application writes it through the real driver adapter. */
async function writtenFile(timestampFormat: TimestampFormat): Promise<string> {
  const file = createApplicationDatabase(join(folder, `${timestampFormat}.db`));
  const client = connectSqlite(sqlite, file, timestampFormat);
  await writeRows(client, schema, given);
  await client.disconnect();
  return file;
}

/** The storage classes in all columns that are a DateTime to the application. */
function classesOfTimes(file: string): string[] {
  const selects = schema.models.flatMap(({ table, fields }) =>
    fields
      .filter(({ type }) => type === 'DateTime')
      .map(
        ({ column }) =>
          `SELECT typeof("${column}") AS class FROM "${table}" WHERE "${column}" IS NOT NULL`,
      ),
  );
  return querySource(file, `${selects.join(' UNION ')} ORDER BY class`).map((row) =>
    String(row['class']),
  );
}

beforeAll(async () => {
  [sqlite, postgres] = await Promise.all([
    generateClient(SQLITE_SCHEMA, generated),
    generateClient(POSTGRESQL_SCHEMA, generated),
  ]);
  given = applicationRows(schema, sqlite.values);
  sample = await arrive(await sampleFile());
  isoText = await arrive(await writtenFile('iso8601'));
  milliseconds = await arrive(await writtenFile('unixepoch-ms'));
});

describe('one application, written to SQLite in the ways that Prisma has', () => {
  it('is stored as ISO text, as milliseconds, and as both in one database', () => {
    expect(classesOfTimes(isoText.file)).toEqual(['text']);
    expect(classesOfTimes(milliseconds.file)).toEqual(['integer']);
    expect(classesOfTimes(sample.file)).toEqual(['integer', 'text']);
  });

  it('arrives the same in every table, value and sequence', async () => {
    const expected = await readContents(sample.database, TABLES);
    expect(Object.values(expected.rows).flat()).toHaveLength(TOTAL_ROWS);
    expect(await readContents(isoText.database, TABLES)).toEqual(expected);
    expect(await readContents(milliseconds.database, TABLES)).toEqual(expected);
  });
});

describe.each([
  ['ISO text', () => isoText],
  ['milliseconds', () => milliseconds],
  ['the sample', () => sample],
])('read back from %s with the Prisma Client for PostgreSQL', (_, arrival) => {
  let client: Client;

  beforeAll(() => {
    client = connectPostgres(postgres, arrival().database.url);
  });
  afterAll(async () => client.disconnect());

  it.each(schema.models.map(({ name }) => name))(
    'has every %s as the application gave it',
    async (name) => {
      const model = modelNamed(schema, name);
      const read = await client.model(model.delegate).findMany();
      const rows = read.map((row) => plainRow(row, postgres.values));
      expect(sorted(rows, model)).toEqual(sorted(rowsOf(name), model));
    },
  );

  // The sample has no credentials, so there is nothing to follow from them.
  const withRows = schema.models.filter(({ name }) => name !== 'OrganizationApiCredential');
  const relations = withRows.flatMap((model) =>
    model.relations.map((relation) => [model.name, relation.name, model, relation] as const),
  );

  it.each(relations)('follows from %s to its %s', async (_name, _relation, model, relation) => {
    const include = { [relation.name]: true };
    const read = await client.model(model.delegate).findMany({ include });
    for (const row of read) {
      const related = row[relation.name] as AppRow | null;
      expect(related && plainRow(related, postgres.values)).toEqual(parentOf(row, relation));
    }
    expect(read).toHaveLength(rowsOf(model.name).length);
  });

  it('follows from an organization to its members and back to their other organizations', async () => {
    const include = { members: { include: { user: { include: { memberships: true } } } } };
    const where = { slug: 'vanguard' };
    const read = await client.model('organization').findUniqueOrThrow({ where, include });
    const memberships = rowsOf('UserOrganization');
    const ofOrganization = memberships.filter(
      ({ organizationId }) => organizationId === read['id'],
    );
    const members = read['members'] as { userId: string; user: { memberships: AppRow[] } }[];
    expect(members).toHaveLength(2);
    expect(new Set(members.map(({ userId }) => userId))).toEqual(
      new Set(ofOrganization.map(({ userId }) => userId)),
    );
    for (const { userId, user } of members) {
      expect(user.memberships).toHaveLength(
        memberships.filter((membership) => membership['userId'] === userId).length,
      );
    }
  });
});

/** What the application gave, as plain values; an id that counts was an Int on SQLite and is a BigInt here. */
function rowsOf(name: string): AppRow[] {
  const bigints = modelNamed(target, name).fields.filter(({ type }) => type === 'BigInt');
  return (given.get(name) ?? []).map((row) => ({
    ...plainRow(row, sqlite.values),
    ...Object.fromEntries(bigints.map((field) => [field.name, BigInt(String(row[field.name]))])),
  }));
}

function parentOf(row: AppRow, { model, fields, references }: ModelRelation): AppRow | null {
  const found = rowsOf(model).find((candidate) =>
    references.every((reference, index) => candidate[reference] === row[fields[index] ?? '']),
  );
  return found ?? null;
}

/** Sorted by what is unique in every model: its id, or its two ids. */
function sorted(rows: readonly AppRow[], { fields }: Model): AppRow[] {
  const [first, second] = fields;
  const key = (row: AppRow): string =>
    `${String(row[first?.name ?? ''])} ${String(row[second?.name ?? ''])}`;
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
