import { beforeAll, describe, expect, it } from 'vitest';
import { uuidV5 } from '../../../scripts/lib/mapping/uuid-v5.ts';
import type { ImportOutcome } from '../../support/in-process.ts';
import { mappingFile } from '../../support/mapping.ts';
import { createScenario, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const NAMESPACE = '5f0d6a0e-3c1b-4f57-9a41-7d2b8c6e1f90';
const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const user = (name: string): string => uuidV5(NAMESPACE, name);
const team = (id: number): string => uuidV5(DNS, String(id));

describe('a mapping', () => {
  let scenario: Scenario;
  let outcome: ImportOutcome;
  beforeAll(async () => {
    scenario = await createScenario(folder, {
      source: `
        CREATE TABLE "Old Items" (
          id INTEGER PRIMARY KEY, label TEXT, mail TEXT, role TEXT, flag, note TEXT,
          secs INTEGER, millis INTEGER, micros INTEGER, julian REAL, berlin TEXT, german TEXT,
          doc BLOB, word TEXT, b64 TEXT, hexed TEXT, price, code REAL, gone TEXT);
        INSERT INTO "Old Items" VALUES
          (1, '  two words ', 'Ada@Example.COM', 'admin', 1, NULL,
           1700000000, 1700000000123, 1700000000123456, 2440587.5, '2024-07-01 12:00', '31.12.1999 23:59',
           x'7b2261223a317d', 'say "hi"', 'AAEC/w==', 'DEADbeef', 1.5, 17.0, 'x'),
          (2, '   ', 'bob@example.com', 'guest', 0, 'kept',
           -1, -1, -1, 2460000.25, '2024-01-01 12:00', '01.02.2024 03:04',
           x'5b5d', '', '', '', 2, 18.5, NULL),
          (3, 'plain', NULL, NULL, 'x', '', 0, 0, 0, NULL, '2024-07-01T12:00:00Z', NULL,
           NULL, NULL, NULL, NULL, 'free', NULL, NULL);
        CREATE TABLE logs (id INTEGER PRIMARY KEY);
        INSERT INTO logs VALUES (1), (2);`,
      target: `
        CREATE TYPE role AS ENUM ('ADMIN', 'GUEST', 'NONE');
        CREATE TABLE items (
          id int PRIMARY KEY, title text, email text UNIQUE, role role NOT NULL, flag boolean,
          note text NOT NULL, secs timestamptz, millis timestamptz(3), micros timestamp, julian timestamptz,
          berlin timestamptz, german timestamp, doc jsonb, word jsonb, b64 bytea, hexed bytea,
          price text, code text, origin text NOT NULL, loaded_at timestamptz NOT NULL DEFAULT '2026-01-01Z',
          batch int NOT NULL);`,
    });
    outcome = await scenario.import({
      mapping: mappingFile(folder, {
        logs: { skip: 'nobody reads them' },
        'Old Items': {
          target: 'items',
          columns: {
            label: { target: 'title', convert: ['trim', 'empty_to_null'] },
            mail: { target: 'email', convert: 'lower_case' },
            role: {
              convert: [{ values: { admin: 'ADMIN', guest: 'GUEST' } }, { if_null: 'NONE' }],
            },
            flag: { convert: { values: { x: null } } },
            note: { convert: { if_null: '' } },
            secs: { convert: 'epoch_s' },
            millis: { convert: 'epoch_ms' },
            micros: { convert: 'epoch_us' },
            julian: { convert: 'julian_day' },
            berlin: { convert: { time_zone: 'Europe/Berlin' } },
            german: { convert: { date_format: 'DD.MM.YYYY HH:mm' } },
            doc: { convert: 'json' },
            word: { convert: 'json_string' },
            b64: { convert: 'base64' },
            hexed: { convert: 'hex' },
            price: { convert: 'text' },
            code: { convert: ['text', { values: { '17.0': 'seventeen' } }] },
            gone: { drop: 'never filled' },
          },
          add: {
            origin: { constant: 'sqlite' },
            batch: { constant: 7 },
            loaded_at: { default: true },
          },
        },
      }),
    });
  });

  it('loads what it names and converts it as it says', async () => {
    expect(outcome.findings.map(({ severity, code }) => `${severity} ${code}`).toSorted()).toEqual([
      'info mapping-drops-column',
      'info mapping-skips-table',
    ]);
    expect(outcome.exitCode).toBe(0);
    const rows = await scenario.rows(
      `SELECT id, title, email, role::text, flag, note, secs::text, millis::text, micros::text, julian::text,
         berlin::text, german::text, doc::text, word::text, encode(b64, 'hex') AS b64,
         encode(hexed, 'hex') AS hexed, price, code, origin, loaded_at::text, batch FROM items ORDER BY id`,
    );
    const common = { origin: 'sqlite', loaded_at: '2026-01-01 00:00:00+00', batch: 7 };
    expect(rows).toEqual([
      {
        ...common,
        id: 1,
        title: 'two words',
        email: 'ada@example.com',
        role: 'ADMIN',
        flag: true,
        note: '',
        secs: '2023-11-14 22:13:20+00',
        millis: '2023-11-14 22:13:20.123+00',
        micros: '2023-11-14 22:13:20.123456',
        julian: '1970-01-01 00:00:00+00',
        berlin: '2024-07-01 10:00:00+00',
        german: '1999-12-31 23:59:00',
        doc: '{"a": 1}',
        word: '"say \\"hi\\""',
        b64: '000102ff',
        hexed: 'deadbeef',
        price: '1.5',
        code: 'seventeen',
      },
      {
        ...common,
        id: 2,
        title: null,
        email: 'bob@example.com',
        role: 'GUEST',
        flag: false,
        note: 'kept',
        secs: '1969-12-31 23:59:59+00',
        millis: '1969-12-31 23:59:59.999+00',
        micros: '1969-12-31 23:59:59.999999',
        julian: '2023-02-24 18:00:00+00',
        berlin: '2024-01-01 11:00:00+00',
        german: '2024-02-01 03:04:00',
        doc: '[]',
        word: '""',
        b64: '',
        hexed: '',
        price: '2',
        code: '18.5',
      },
      {
        ...common,
        id: 3,
        title: 'plain',
        email: null,
        role: 'NONE',
        flag: null,
        note: '',
        secs: '1970-01-01 00:00:00+00',
        millis: '1970-01-01 00:00:00+00',
        micros: '1970-01-01 00:00:00',
        julian: null,
        berlin: '2024-07-01 12:00:00+00',
        german: null,
        doc: null,
        word: null,
        b64: null,
        hexed: null,
        price: 'free',
        code: null,
      },
    ]);
  });

  it('has a ledger of every value that it changed beyond its type, with the rows', () => {
    expect(
      outcome.report?.ledger.map(({ table, column, change, total, examples }) => [
        `${table}.${column} ${change} ${total}`,
        examples.map(({ rowKey, line }) => `${rowKey} line ${line}`).join(', '),
      ]),
    ).toEqual([
      ['Old Items.label trim 2', 'id=1 line 1, id=2 line 2'],
      ['Old Items.mail lower_case 1', 'id=1 line 1'],
      ['Old Items.role values 2', 'id=1 line 1, id=2 line 2'],
      ['Old Items.note if_null 1', 'id=1 line 1'],
      ['Old Items.code values 1', 'id=1 line 1'],
      ['Old Items.label empty_to_null 1', 'id=2 line 2'],
      ['Old Items.role if_null 1', 'id=3 line 3'],
      ['Old Items.flag values 1', 'id=3 line 3'],
    ]);
  });

  it('says in the report which mapping it was', () => {
    expect(outcome.report?.mapping).toEqual({
      file: expect.stringMatching(/mapping-\d+\.json$/),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe('uuid_v5 on a key', () => {
  const SOURCE = `
    CREATE TABLE users (id TEXT PRIMARY KEY, boss TEXT REFERENCES users);
    CREATE TABLE teams (id INTEGER PRIMARY KEY, lead TEXT REFERENCES users);
    CREATE TABLE members (user_id TEXT REFERENCES users, team_id INTEGER REFERENCES teams, PRIMARY KEY (user_id, team_id));
    CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id TEXT, team_id TEXT,
      FOREIGN KEY (user_id, team_id) REFERENCES members (user_id, team_id));
    INSERT INTO users VALUES ('ada', NULL), ('bob', 'ada'), ('Zoë', 'bob');
    INSERT INTO teams VALUES (1, 'ada'), (2, NULL);
    INSERT INTO members VALUES ('ada', 1), ('bob', 2);
    INSERT INTO notes VALUES (10, 'ada', '1'), (20, NULL, NULL), (30, 'bob', '2');`;
  const TARGET = `
    CREATE TABLE users (id uuid PRIMARY KEY, boss uuid REFERENCES users);
    CREATE TABLE teams (id uuid PRIMARY KEY, lead uuid REFERENCES users);
    CREATE TABLE members (user_id uuid REFERENCES users, team_id uuid REFERENCES teams, PRIMARY KEY (user_id, team_id));
    CREATE TABLE notes (id int PRIMARY KEY, user_id uuid, team_id uuid,
      FOREIGN KEY (user_id, team_id) REFERENCES members (user_id, team_id));`;

  it('is followed by every foreign key that leads to it, and is the same each time', async () => {
    const scenario = await createScenario(folder, { source: SOURCE, target: TARGET });
    const mapping = mappingFile(
      folder,
      {
        users: { columns: { id: { convert: { uuid_v5: 'people' } } } },
        teams: { columns: { id: { convert: { uuid_v5: 'dns' } } } },
      },
      { namespaces: { people: NAMESPACE } },
    );
    const { exitCode, report, findings } = await scenario.import({ mapping });
    expect(findings).toEqual([]);
    expect(exitCode).toBe(0);
    expect(await scenario.rows('SELECT id, boss FROM users ORDER BY boss NULLS FIRST')).toEqual(
      [
        { id: user('ada'), boss: null },
        { id: user('bob'), boss: user('ada') },
        { id: user('Zoë'), boss: user('bob') },
      ].toSorted((a, b) => ((a.boss ?? '') < (b.boss ?? '') ? -1 : 1)),
    );
    expect(await scenario.rows('SELECT user_id, team_id FROM notes ORDER BY id')).toEqual([
      { user_id: user('ada'), team_id: team(1) },
      { user_id: null, team_id: null },
      { user_id: user('bob'), team_id: team(2) },
    ]);
    const counted = report?.ledger.map(
      ({ table, column, change, total }) => `${table}.${column} ${change} ${total}`,
    );
    expect(counted?.toSorted()).toEqual([
      'members.team_id uuid_v5 2',
      'members.user_id uuid_v5 2',
      'notes.team_id uuid_v5 2',
      'notes.user_id uuid_v5 2',
      'teams.id uuid_v5 2',
      'teams.lead uuid_v5 1',
      'users.boss uuid_v5 2',
      'users.id uuid_v5 3',
    ]);
    const before = await scenario.rows('SELECT * FROM members ORDER BY user_id');
    expect(await scenario.import({ mapping, truncate: true })).toMatchObject({ exitCode: 0 });
    expect(await scenario.rows('SELECT * FROM members ORDER BY user_id')).toEqual(before);
  });

  it('shows where a foreign key compares otherwise than its bytes do', async () => {
    const scenario = await createScenario(folder, {
      source: `
        CREATE TABLE users (id TEXT PRIMARY KEY COLLATE NOCASE);
        CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id TEXT REFERENCES users);
        INSERT INTO users VALUES ('Ada');
        INSERT INTO posts VALUES (1, 'Ada'), (2, 'ADA');`,
      target: `
        CREATE TABLE users (id uuid PRIMARY KEY);
        CREATE TABLE posts (id int PRIMARY KEY, user_id uuid REFERENCES users);`,
    });
    const keyed = (convert: ({ uuid_v5: string } | 'lower_case')[]): string =>
      mappingFile(folder, { users: { columns: { id: { convert } } } });
    const refused = await scenario.import({ mapping: keyed([{ uuid_v5: 'dns' }]) });
    expect(refused.exitCode).toBe(3);
    expect(refused.findings).toMatchObject([
      {
        code: 'orphan',
        where: { table: 'posts', column: 'user_id' },
        examples: [{ rowKey: 'id=2' }],
      },
    ]);
    const folded = await scenario.import({ mapping: keyed(['lower_case', { uuid_v5: 'dns' }]) });
    expect(folded).toMatchObject({ exitCode: 0, findings: [] });
  });
});
