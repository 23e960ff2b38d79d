import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ParentKeySet,
  openKeyDatabase,
  type KeyColumnRule,
} from '../../../../scripts/lib/check/key-set.ts';
import { KeyStore } from '../../../../scripts/lib/check/keys/key-store.ts';
import { ParentKeys, hasNull } from '../../../../scripts/lib/check/keys/parent-keys.ts';
import type { Affinity } from '../../../../scripts/lib/model/source-catalog.ts';
import type { Row, SqliteValue } from '../../../../scripts/lib/model/values.ts';
import { scannedRows } from '../../../support/scanned.ts';
import { anyValue } from '../../../support/values.ts';

/** Whether each row's key was found, each looked for before it was added itself. */
function foundByTokens(rules: readonly KeyColumnRule[], rows: readonly Row[], memoryBytes: number) {
  const store = new KeyStore(memoryBytes);
  const keys = new ParentKeys(rules, store);
  const names = rules.map((_, index) => `c${index}`);
  const indexes = [...rules.keys()];
  const found: boolean[] = [];
  for (const batch of scannedRows(names, rows, 40)) {
    for (let row = 0; row < batch.rowCount; row++) {
      found.push(!hasNull(batch, row, indexes) && keys.hasRow(batch, row, indexes));
      keys.addRow(batch, row, indexes);
    }
  }
  const inSqlite = keys.compared !== null;
  store.close();
  return { found, inSqlite };
}

function foundBySqlite(rules: readonly KeyColumnRule[], rows: readonly Row[]): boolean[] {
  const db = openKeyDatabase();
  const keys = new ParentKeySet(db, 0, rules);
  const found = rows.map((row) => {
    const isFound = keys.has(row);
    keys.add(row);
    return isFound;
  });
  db.close();
  return found;
}

const anyRule: fc.Arbitrary<KeyColumnRule> = fc.record({
  affinity: fc.constantFrom<Affinity>(
    'integer',
    'integer',
    'text',
    'text',
    'numeric',
    'real',
    'blob',
  ),
  collation: fc.constantFrom('BINARY', 'BINARY', 'NOCASE', 'RTRIM', 'GERMAN'),
});

const few = fc.integer({ min: -3, max: 3 });

/** Values that equal each other by one rule and not by another. */
const near: fc.Arbitrary<SqliteValue> = fc.oneof(
  few.map(BigInt),
  few,
  few.map(String),
  few.map((value) => `${value}.0`),
  fc.constantFrom<SqliteValue>(
    null,
    'a',
    'A',
    'a ',
    'a"',
    'é',
    '\u0000',
    2n ** 53n,
    2n ** 63n - 1n,
  ),
  fc.constantFrom<SqliteValue>(2 ** 53, '1:2', '12', 12n, 10n ** 15n, -(10n ** 15n), 10n ** 14n),
  anyValue,
);

/** Nothing, room for a few, room for many. */
const anyMemory = fc.constantFrom(0, 3_000, 40_000, 4_000_000);

describe('keys in memory are found as SQLite finds them', () => {
  it('whatever their values, rules and the memory', () => {
    const table = fc.array(anyRule, { minLength: 1, maxLength: 3 }).chain((rules) =>
      fc.record({
        rules: fc.constant(rules),
        rows: fc.array(fc.tuple(...rules.map(() => near)), { maxLength: 60 }),
      }),
    );
    fc.assert(
      fc.property(table, anyMemory, ({ rules, rows }, memoryBytes) => {
        const { found } = foundByTokens(rules, rows, memoryBytes);
        expect(found).toEqual(foundBySqlite(rules, rows));
      }),
      { numRuns: 400 },
    );
  });

  it.each<[string, (i: number) => Row]>([
    ['numbers one after the other', (i) => [BigInt(i)]],
    ['numbers with gaps', (i) => [BigInt(i * 7 + (i % 5))]],
    ['numbers far apart', (i) => [BigInt(i) * 1_000_003n]],
    ['numbers from below zero on, up to 15 digits', (i) => [BigInt(i - 3000) * 333_333_333_333n]],
    ['numbers of 64 bits', (i) => [2n ** 62n + BigInt(i) * 4_194_304n]],
    ['numbers in no order', (i) => [BigInt((i * 2_654_435_761) % 4_294_967_291)]],
    ['pairs of numbers', (i) => [BigInt(Math.floor(i / 3)), BigInt((i % 3) - 1)]],
    ['pairs of large numbers', (i) => [-(10n ** 14n) + BigInt(i >> 2), BigInt(i) * 10n ** 11n]],
    ['pairs of numbers ever farther apart', (i) => [BigInt(i) ** 3n, BigInt(i % 2)]],
    ['pairs of numbers ever closer', (i) => [10n ** 12n - BigInt(6001 - i) ** 3n, 0n]],
    ['pairs of which one is always the same', (i) => [7n, BigInt(i)]],
    ['pairs of numbers in no order', (i) => [BigInt((i * 7919) % 6007), BigInt(i)]],
    ['texts', (i) => [`c${(i * 2_654_435_761).toString(36)}`]],
    ['texts with escapes', (i) => [`"${i}"`]],
    ['texts and numbers', (i) => [`t${i % 7}`, BigInt(i)]],
  ])('%s, more than the memory holds, each twice', { timeout: 60_000 }, (_, make) => {
    const rules = make(0).map((value): KeyColumnRule => {
      const affinity = typeof value === 'string' ? 'text' : 'integer';
      return { affinity, collation: 'BINARY' };
    });
    const once = Array.from({ length: 6000 }, (_, index) => make(index));
    const rows = [...once, ...once.toReversed(), make(-1), make(6001)];
    const expected = [...once.map(() => false), ...once.map(() => true), false, false];
    for (const memoryBytes of [0, 30_000, 100_000, 8_000_000]) {
      const { found, inSqlite } = foundByTokens(rules, rows, memoryBytes);
      expect(found).toEqual(expected);
      // Between nothing and more than enough, it depends on the keys.
      expect(inSqlite).toBe({ 0: true, 8_000_000: false }[memoryBytes] ?? inSqlite);
    }
  });

  it('keys of several columns apart where their values run together', () => {
    const rule: KeyColumnRule = { affinity: 'text', collation: 'BINARY' };
    const rows = [
      ['a', 'bc'],
      ['ab', 'c'],
      ['', 'abc'],
      ['abc', ''],
      ['ab', 'c'],
    ];
    const { found, inSqlite } = foundByTokens([rule, rule], rows, 100_000);
    expect([...found, inSqlite]).toEqual([false, false, false, false, true, false]);
  });
});
