import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SOURCE_ENCODINGS } from '../../../../scripts/lib/model/source-catalog.ts';
import type { SqliteValue } from '../../../../scripts/lib/model/values.ts';
import { figuresOf, verifyAgainst } from '../../../support/archive-comparison.ts';
import { exportArtifact } from '../../../support/in-process.ts';
import { exactly } from '../../../support/values.ts';

/** Few values, so that rows meet often; among them what SQLite takes for the same in a key. */
const value = fc.constantFrom<SqliteValue>(
  null,
  0n,
  0,
  -0,
  1n,
  1,
  1.5,
  -7n,
  2n ** 53n,
  2n ** 53n + 1n,
  '',
  '1',
  'a',
  'A',
  'a ',
  'é',
  '\uFFFD',
  '😀',
  new Uint8Array(),
  new Uint8Array([0x61]),
);

/** Keys by the columns that they are over, as the table's definition has them. */
const TABLES = {
  none: 'a, b, c',
  one: 'a TEXT COLLATE NOCASE, b, c, PRIMARY KEY (a)',
  two: 'a, b COLLATE RTRIM, c, PRIMARY KEY (b, a)',
  turned: 'a, b, c, PRIMARY KEY (a, b)',
  whole: 'c, b, a, PRIMARY KEY (b, a)) WITHOUT ROWID --',
  more: 'more DEFAULT 7, c, a, b, PRIMARY KEY (b, a)',
} as const;
type Form = keyof typeof TABLES;

const KEYS: Readonly<Record<Form, readonly string[]>> = {
  none: [],
  one: ['a'],
  two: ['a', 'b'],
  turned: ['a', 'b'],
  whole: ['a', 'b'],
  more: ['a', 'b'],
};

const table = fc.record({
  form: fc.constantFrom(...(Object.keys(TABLES) as Form[])),
  rows: fc.array(fc.tuple(value, value, value), { maxLength: 14 }),
});
type Table = typeof table extends fc.Arbitrary<infer Value> ? Value : never;

const TABLE_COUNT = 6;
const tables = fc.array(table, { minLength: TABLE_COUNT, maxLength: TABLE_COUNT });
const encoding = fc.constantFrom(...SOURCE_ENCODINGS);
const state = fc.record({ encoding, tables });
type State = typeof state extends fc.Arbitrary<infer Value> ? Value : never;

/** Makes the database, and says which rows SQLite took. */
function make(file: string, { encoding: name, tables: all }: State): SqliteValue[][][] {
  const db = new Database(file);
  try {
    db.pragma(`encoding = '${name}'`);
    db.pragma('synchronous = OFF');
    return all.map(({ form, rows }, index) => {
      db.exec(`CREATE TABLE t${index} (${TABLES[form]}\n${form === 'whole' ? '' : ')'}`);
      const insert = db.prepare(`INSERT OR IGNORE INTO t${index} (a, b, c) VALUES (?, ?, ?)`);
      for (const row of rows) insert.run(...row);
      const select = db.prepare<[], SqliteValue[]>(`SELECT a, b, c FROM t${index} NOT INDEXED`);
      return select.raw().safeIntegers().all();
    });
  } finally {
    db.close();
  }
}

/** What SQLite takes for the same in a key: numbers by their values. */
function keyOf(row: readonly SqliteValue[], form: Form): string | null {
  const key = KEYS[form].map((name) => row['abc'.indexOf(name)] ?? null);
  if (key.length === 0 || key.includes(null)) return null;
  return key
    .map((part) => (typeof part === 'number' && Number.isInteger(part) ? BigInt(part) : part))
    .map(exactly)
    .join();
}

const text = (row: readonly SqliteValue[]): string => row.map(exactly).join();

/** Rows that are equal, added, removed and changed, by the plainest of ways. */
function naively(before: SqliteValue[][], after: SqliteValue[][], form: Form): number[] {
  const left = before.map((row) => ({ key: keyOf(row, form), text: text(row) }));
  let [equal, added, changed] = [0, 0, 0];
  for (const row of after) {
    const key = keyOf(row, form);
    const index = left.findIndex((other) =>
      key === null ? other.key === null && other.text === text(row) : other.key === key,
    );
    const [found] = index === -1 ? [] : left.splice(index, 1);
    if (found === undefined) added += 1;
    else if (found.text === text(row)) equal += 1;
    else changed += 1;
  }
  return [equal, added, left.length, changed];
}

async function isCountedRightly([first, second]: readonly [State, State]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'toolkit-test-'));
  try {
    const [one, two] = [join(folder, 'one.db'), join(folder, 'two.db')];
    const [before, after] = [make(one, first), make(two, second)];
    const expected = first.tables.map(({ form }, index) => {
      const other = second.tables[index]?.form ?? 'none';
      // Where the keys are not the same, rows are compared as a whole.
      const common = KEYS[form].join() === KEYS[other].join() ? form : 'none';
      return naively(before[index] ?? [], after[index] ?? [], common);
    });
    const artifact = await exportArtifact(one, join(folder, 'one'));
    const later = await exportArtifact(two, join(folder, 'two'));
    const { againstSource, findings } = await verifyAgainst(artifact, { againstSource: two });
    const { baseline } = await verifyAgainst(later, { baseline: artifact });
    for (const comparison of [againstSource, baseline]) {
      const found = expected.map((_, index) => comparison && figuresOf(comparison, `t${index}`));
      expect(found).toEqual(expected);
    }
    expect(baseline?.isEqual).toBe(againstSource?.isEqual);
    expect(findings.some(({ severity }) => severity === 'blocking')).toBe(
      againstSource?.isEqual === false,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same tables, each with its rows in another order, some gone and one changed. */
const edited = (before: readonly Table[]): fc.Arbitrary<Table[]> =>
  fc.tuple(
    ...before.map(({ form, rows }) =>
      fc.tuple(fc.shuffledSubarray([...rows]), value).map(([kept, changed]): Table => {
        const [head, ...rest] = kept;
        return { form, rows: head === undefined ? [] : [[head[0], head[1], changed], ...rest] };
      }),
    ),
  );

const editedPair = fc.tuple(tables, encoding, encoding).chain(([all, before, after]) =>
  edited(all).map((later) => [
    { encoding: before, tables: all },
    { encoding: after, tables: later },
  ]),
) as fc.Arbitrary<[State, State]>;

const numRuns = Number(process.env['ARCHIVE_COMPARISON_RUNS'] ?? 15);
const timeout = 20_000 + numRuns * 1000;

// Of a failure, fast-check prints the seed and the two states.
it('any two states are counted as a naive comparison counts them', { timeout }, async () => {
  await fc.assert(fc.asyncProperty(fc.tuple(state, state), isCountedRightly), {
    numRuns,
    endOnFailure: true,
  });
});

it('and so are two states of the same tables, with edits between them', { timeout }, async () => {
  await fc.assert(fc.asyncProperty(editedPair, isCountedRightly), { numRuns, endOnFailure: true });
});
