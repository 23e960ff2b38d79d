import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Finding } from '../../../scripts/lib/model/findings.ts';
import { createScenario, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

const UUIDS = [1, 2, 3].map((last) => `c0ffee00-0000-4000-8000-00000000000${last}`);
/** By type of the target, literals of the source that it takes. */
const LITERALS: Readonly<Record<string, readonly string[]>> = {
  text: ["'a'", "'A'", "'a '", "''", '1', "'1'"],
  'char(3)': ["'a'", "'a '", "'b'", "'A'"],
  citext: ["'a'", "'A'", "'é'", "'É'", "'b'"],
  uuid: UUIDS.flatMap((uuid) => [
    `'${uuid}'`,
    `'${uuid.toUpperCase()}'`,
    `x'${uuid.replaceAll('-', '')}'`,
  ]),
  numeric: ['1', "'1.0'", '1.5', "'1.50'", '2'],
  integer: ['1', '2', '3', "'1'"],
  timestamptz: ["'2024-01-01'", "'2024-01-01T01:00:00+01:00'", "'2024-01-02'"],
};

const isTrue = fc.boolean();
const column = fc.record({
  type: fc.constantFrom(...Object.keys(LITERALS)),
  declared: fc.constantFrom('', 'TEXT', 'TEXT COLLATE NOCASE', 'INTEGER', 'BLOB'),
  childDeclared: fc.constantFrom('', 'TEXT', 'INTEGER'),
});
type Column = typeof column extends fc.Arbitrary<infer T> ? T : never;

const rowsOf = (columns: readonly Column[]): fc.Arbitrary<string[][]> =>
  fc.array(
    fc.tuple(
      ...columns.map(({ type }) =>
        fc.oneof(
          { weight: 5, arbitrary: fc.constantFrom(...(LITERALS[type] ?? [])) },
          fc.constant('NULL'),
        ),
      ),
    ),
    { minLength: 1, maxLength: 8 },
  );

/** A parent with a key and a child that refers to it, in both databases. */
const pair = fc.array(column, { minLength: 1, maxLength: 2 }).chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    parents: rowsOf(columns),
    children: rowsOf(columns),
    isUniqueInSource: isTrue,
    refersInSource: isTrue,
    nullsDistinct: isTrue,
    isFull: isTrue,
  }),
);
type Pair = typeof pair extends fc.Arbitrary<infer T> ? T : never;

const names = (letter: string, { columns }: Pair): string[] =>
  columns.map((_, at) => `${letter}${at}`);
const listed = (items: readonly string[]): string => items.join(', ');

function sourceSql(given: Pair, index: number): string {
  const { columns, parents, children, isUniqueInSource, refersInSource } = given;
  const keys = columns.map(({ declared }, at) => `k${at} ${declared}`);
  const references = columns.map(({ childDeclared }, at) => `r${at} ${childDeclared}`);
  const k = listed(names('k', given));
  const insert = (table: string, rows: readonly string[][]): string =>
    rows
      .map((row, at) => `INSERT OR IGNORE INTO ${table} VALUES (${at + 1}, ${listed(row)});`)
      .join('\n');
  const foreignKey = `, FOREIGN KEY (${listed(names('r', given))}) REFERENCES p${index} (${k})`;
  return `
    CREATE TABLE p${index} (id INTEGER PRIMARY KEY, ${listed(keys)}${isUniqueInSource ? `, UNIQUE (${k})` : ''});
    CREATE TABLE c${index} (id INTEGER PRIMARY KEY, ${listed(references)}${refersInSource ? foreignKey : ''});
    ${insert(`p${index}`, parents)} ${insert(`c${index}`, children)}`;
}

function targetSql(given: Pair, index: number, isStrict: boolean): string {
  const { columns, nullsDistinct, isFull } = given;
  const k = names('k', given);
  const r = names('r', given);
  const typed = (list: readonly string[]): string =>
    listed(list.map((name, at) => `${name} ${columns[at]?.type ?? ''}`));
  const unique = `, CONSTRAINT u${index} UNIQUE ${nullsDistinct ? '' : 'NULLS NOT DISTINCT'} (${listed(k)})`;
  const foreignKey = `, CONSTRAINT f${index} FOREIGN KEY (${listed(r)}) REFERENCES p${index} (${listed(k)}) MATCH ${isFull ? 'FULL' : 'SIMPLE'}`;
  return `
    CREATE TABLE p${index} (id integer PRIMARY KEY, ${typed(k)}${isStrict ? unique : ''});
    CREATE TABLE c${index} (id integer PRIMARY KEY, ${typed(r)}${isStrict ? foreignKey : ''});`;
}

const allSet = (list: readonly string[]): string =>
  list.map((name) => `${name} IS NOT NULL`).join(' AND ');

/** What PostgreSQL makes of the rows once they are loaded without constraints. */
async function judgedByPostgres(
  loaded: Scenario,
  given: Pair,
  index: number,
): Promise<{ excess: number; orphans: string[] }> {
  const k = names('k', given);
  const r = names('r', given);
  const counted = given.nullsDistinct ? allSet(k) : 'true';
  const [row] = await loaded.rows(`SELECT coalesce(sum(n - 1), 0)::integer AS excess FROM
    (SELECT count(*) AS n FROM loose.p${index} WHERE ${counted} GROUP BY ${listed(k)}) AS groups`);
  const equal = k.map((name, at) => `p.${name} = c.r${at}`).join(' AND ');
  const noParent = `${allSet(r)} AND NOT EXISTS (SELECT FROM loose.p${index} AS p WHERE ${equal})`;
  const partly = `NOT (${allSet(r)}) AND (${r.map((name) => `${name} IS NOT NULL`).join(' OR ')})`;
  const broken = given.isFull ? `(${noParent}) OR (${partly})` : noParent;
  const rows = await loaded.rows(
    `SELECT 'id=' || id AS key FROM loose.c${index} AS c WHERE ${broken}`,
  );
  return {
    excess: Number(row?.['excess']),
    orphans: rows.map(({ key }) => String(key)).toSorted(),
  };
}

const keysOf = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ examples }) => examples.map(({ rowKey = '' }) => rowKey)).toSorted();

it(
  'finds the duplicates and orphans that PostgreSQL would, whatever the types, and each once',
  { timeout: 180_000 },
  async () => {
    const pairs = fc.sample(pair, { numRuns: 24, seed: 20_240_101 });
    const target = (schema: string, isStrict: boolean): string =>
      `CREATE SCHEMA ${schema}; SET search_path = ${schema}, public;
     ${pairs.map((given, index) => targetSql(given, index, isStrict)).join('\n')}`;
    const scenario = await createScenario(folder, {
      source: pairs.map(sourceSql).join('\n'),
      target: `CREATE EXTENSION citext; ${target('strict', true)} ${target('loose', false)}`,
    });
    const { findings } = await scenario.import({ schema: 'strict', dryRun: true });
    const loose = await createScenario(folder, {
      source: pairs
        .map((given, index) => sourceSql({ ...given, refersInSource: false }, index))
        .join('\n'),
      target: `CREATE EXTENSION citext; ${target('loose', false)}`,
    });
    expect(await loose.import({ schema: 'loose' })).toMatchObject({ exitCode: 0 });

    const told = new Set<string>();
    for (const [index, given] of pairs.entries()) {
      const expected = await judgedByPostgres(loose, given, index);
      const unique = findings.filter(({ where }) => where.constraint === `u${index}`);
      expect([index, unique.reduce((sum, { total }) => sum + total, 0)]).toEqual([
        index,
        expected.excess,
      ]);
      const orphans = findings.filter(
        ({ code, where }) => code === 'orphan' && where.table === `c${index}`,
      );
      const ofTarget = keysOf(orphans.filter(({ where }) => where.constraint === `f${index}`));
      const ofSource = keysOf(orphans.filter(({ where }) => where.constraint !== `f${index}`));
      const found = [...ofTarget, ...ofSource];
      expect([index, found.length]).toEqual([index, new Set(found).size]);
      // An orphan of the source may find a parent in the target, where more values are equal.
      expect([index, ofTarget.filter((key) => !expected.orphans.includes(key))]).toEqual([
        index,
        [],
      ]);
      expect([index, expected.orphans.filter((key) => !found.includes(key))]).toEqual([index, []]);
      for (const { code } of [...unique, ...orphans]) told.add(code);
    }
    expect([...told].toSorted()).toEqual(['orphan', 'unique-broken']);
  },
);
