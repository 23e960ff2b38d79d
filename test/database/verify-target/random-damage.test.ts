import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { compareInProcess } from '../../support/comparison.ts';
import { createLoadedScenario, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const ROWS = 500;
const RUNS = Number(process.env['VERIFY_DAMAGE_RUNS'] ?? 12);
const folder = temporaryFolder();
let scenario: Scenario;

beforeAll(async () => {
  scenario = await createLoadedScenario(folder, {
    source: `CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, d REAL, n TEXT, at TEXT, b BLOB);
      WITH RECURSIVE r (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < ${ROWS})
      INSERT INTO t SELECT i * 3, 'text ' || i, i / 7.0, i || '.5', datetime(1e9 + i, 'unixepoch'), randomblob(i % 9) FROM r`,
    target: `CREATE TABLE t (id integer PRIMARY KEY, s text, d double precision, n numeric, at timestamptz, b bytea)`,
  });
  await scenario.rows('CREATE SCHEMA kept; CREATE TABLE kept.t AS TABLE t');
});

const CHANGES = {
  s: "s || ' '",
  d: 'd * (1 + 2.3e-16)',
  n: 'n + 0.000000001',
  at: "at + interval '1 microsecond'",
  b: String.raw`b || '\x00'`,
} as const;

const damage = fc.oneof(
  fc.record({
    kind: fc.constant('different' as const),
    row: fc.integer({ min: 1, max: ROWS }),
    column: fc.constantFrom('s', 'd', 'n', 'at', 'b'),
  }),
  fc.record({
    kind: fc.constantFrom('missing', 'extra'),
    row: fc.integer({ min: 1, max: ROWS }),
    column: fc.constant(null),
  }),
);
type Damage = typeof damage extends fc.Arbitrary<infer Value> ? Value : never;

function sqlOf({ kind, row, column }: Damage): string {
  if (column !== null) return `UPDATE t SET ${column} = ${CHANGES[column]} WHERE id = ${row * 3}`;
  return kind === 'missing'
    ? `DELETE FROM t WHERE id = ${row * 3}`
    : `INSERT INTO t (id) VALUES (${row * 3 + 1})`;
}

function lineOf({ kind, row, column }: Damage): string {
  const key = kind === 'extra' ? row * 3 + 1 : row * 3;
  return `t ${kind} id=${key}${column === null ? '' : `: ${column}`}`;
}

it('random damage is found every time, with the exact row and column, and nothing else', async () => {
  const many = fc.uniqueArray(damage, {
    minLength: 1,
    maxLength: 15,
    selector: ({ row }) => row,
  });
  await fc.assert(
    fc.asyncProperty(many, async (all) => {
      await scenario.rows(`TRUNCATE t; INSERT INTO t TABLE kept.t; ${all.map(sqlOf).join('; ')}`);
      const { differences } = await compareInProcess(scenario.artifact, scenario.url);
      expect(differences.toSorted()).toEqual(all.map(lineOf).toSorted());
    }),
    { numRuns: RUNS },
  );
  await scenario.rows('TRUNCATE t; INSERT INTO t TABLE kept.t');
  expect((await compareInProcess(scenario.artifact, scenario.url)).differences).toEqual([]);
});
