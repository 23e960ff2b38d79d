import fc from 'fast-check';
import { expect, it } from 'vitest';
import { catalogState } from '../../support/catalog-state.ts';
import { rollbackInProcess } from '../../support/journal.ts';
import { createScenario, IMPORTERS } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

/** How many databases are made up; more by hand. */
const CASES = Number(process.env['ROLLBACK_CASES'] ?? 8);
const SEED = Number(process.env['ROLLBACK_SEED'] ?? 20_260_131);

const ACTIONS = ['CASCADE', 'SET NULL', 'RESTRICT', 'NO ACTION', 'NO ACTION DEFERRABLE'];
const ROWS_LOADED = 6;
const FIRST_THERE = 100;
const ROWS_THERE = 3;
const FIRST_LATER = 200;

const choice = fc.integer({ min: 0, max: 1_000_000 });
/** Tables by their references; `later` are rows that the application adds, each with what it refers to. */
const database = fc.record({
  importer: fc.constantFrom(...IMPORTERS),
  tables: fc.array(
    fc.array(
      fc.record({
        parent: choice,
        action: fc.constantFrom(...ACTIONS),
        loaded: fc.array(choice, { minLength: ROWS_LOADED, maxLength: ROWS_LOADED }),
        there: fc.array(choice, { minLength: ROWS_THERE, maxLength: ROWS_THERE }),
      }),
      { maxLength: 2 },
    ),
    { minLength: 2, maxLength: 4 },
  ),
  later: fc.array(fc.record({ table: choice, refersToLoaded: fc.boolean() }), { maxLength: 2 }),
});
type Database = typeof database extends fc.Arbitrary<infer T> ? T : never;

/** One in four references is NULL. */
const referred = (drawn: number, first: number, rows: number): string =>
  drawn % 4 === 0 ? 'NULL' : String(first + (drawn % rows));

function rowsSql(
  { tables }: Database,
  which: 'loaded' | 'there',
  first: number,
  rows: number,
): string {
  return tables
    .flatMap((references, index) =>
      Array.from({ length: rows }, (_, at) => {
        const values = references.map((reference) =>
          referred(reference[which][at] ?? 0, first, rows),
        );
        return `INSERT INTO t${index} VALUES (${[first + at, ...values].join(', ')});`;
      }),
    )
    .join('\n');
}

const columnsOf = (references: Database['tables'][number]): string =>
  references.map((_, at) => `, r${at} integer`).join('');

function targetSql(given: Database): string {
  const { tables } = given;
  const create = tables.map(
    (references, index) =>
      `CREATE TABLE t${index} (id serial PRIMARY KEY${columnsOf(references)});`,
  );
  const keys = tables.flatMap((references, index) =>
    references.map(
      ({ parent, action }, at) =>
        `ALTER TABLE t${index} ADD CONSTRAINT k${at} FOREIGN KEY (r${at}) REFERENCES t${parent % tables.length} ON DELETE ${action};`,
    ),
  );
  return [...create, rowsSql(given, 'there', FIRST_THERE, ROWS_THERE), ...keys].join('\n');
}

function sourceSql(given: Database): string {
  const create = given.tables.map(
    (references, index) =>
      `CREATE TABLE t${index} (id INTEGER PRIMARY KEY${columnsOf(references)});`,
  );
  return [...create, rowsSql(given, 'loaded', 1, ROWS_LOADED)].join('\n');
}

/** What the application adds, and by which constraints it refers to rows that the run loaded. */
function laterRows({ tables, later }: Database): { sql: string[]; refused: string[] } {
  const sql: string[] = [];
  const refused: string[] = [];
  for (const [at, { table, refersToLoaded }] of later.entries()) {
    const index = table % tables.length;
    const values = (tables[index] ?? []).map(() => (refersToLoaded ? 1 : FIRST_THERE));
    sql.push(`INSERT INTO t${index} VALUES (${[FIRST_LATER + at, ...values].join(', ')})`);
    if (refersToLoaded) refused.push(...values.map((_, key) => `t${index}.k${key}`));
  }
  return { sql, refused };
}

const cases = fc
  .sample(database, { numRuns: CASES, seed: SEED })
  .map((given, index) => [index, given] as const);

it.each(cases)(
  `takes back just what was loaded, or nothing (seed ${SEED}, case %i)`,
  async (_, given) => {
    const scenario = await createScenario(folder, {
      importer: given.importer,
      source: sourceSql(given),
      target: targetSql(given),
    });
    const contents = async (firstId: number): Promise<unknown> =>
      Promise.all(
        given.tables.map(async (__, index) =>
          scenario.rows(`SELECT * FROM t${index} WHERE id >= ${firstId} ORDER BY id`),
        ),
      );
    const { sql, refused } = laterRows(given);
    expect(await scenario.import({ append: true })).toMatchObject({ exitCode: 0 });
    for (const statement of sql) await scenario.rows(statement);
    const wanted = {
      contents: await contents(refused.length > 0 ? 0 : FIRST_THERE),
      catalog: await catalogState(scenario.database),
    };
    const { exitCode, findings, error } = await rollbackInProcess(scenario.url, {
      force: sql.length > 0,
    });
    expect(error).toBeUndefined();
    const named = findings.flatMap(({ where, total }) =>
      Array.from({ length: total }, () => `${where.table ?? ''}.${where.constraint ?? ''}`),
    );
    expect(named.toSorted()).toEqual(refused.toSorted());
    expect(exitCode).toBe(refused.length > 0 ? 3 : 0);
    expect({
      contents: await contents(0),
      catalog: await catalogState(scenario.database),
    }).toEqual(wanted);
  },
);
