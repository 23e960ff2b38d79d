import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  finderByPoints,
  finderByValues,
  uncertainRealsFinder,
} from '../../../scripts/lib/source/uncertain-reals.ts';
import { encodeValue, linePrefixes } from '../../../scripts/lib/value/codec.ts';
import { memoryDatabase } from '../../support/sqlite.ts';

const CERTAIN = ['1.5', '-0.04', '58500.91', '7', '-12', '0', 'null', '9007199254740993'];
const UNCERTAIN = [
  '0.0',
  '-0.0',
  '0.30000000000000004',
  '-1.7976931348623157e+308',
  '4.94065645841247e-324',
  '1.0e+20',
  '9.0e+999',
  '-9.0e+999',
  '12345678901234567.0',
];
/** What could be taken for the end of a name, a number, or the end of a text. */
const PIECES = ['"', '\\', ':', ',', '{', '}', '.', '-', '1.5', '0.0', '2', 'e+9', '\n', 'a', 'é'];

const hostileText = fc
  .array(fc.constantFrom(...PIECES, '":0.0,', '\\":0.0', '{"a":0.0}'), { maxLength: 8 })
  .map((pieces) => pieces.join(''));
const plainName = fc.constantFrom(
  'a',
  '',
  '1',
  '0.0',
  '-',
  ',',
  '{a}',
  'é',
  '1.5,',
  'a:',
  "it's",
  '😀',
);
const otherName = fc.oneof(
  fc.constantFrom(':', ':1.5', ':0.0,', '"', '\\', '":0.0', '\\":'),
  hostileText,
);
const anyToken = fc.oneof(
  fc.constantFrom(...CERTAIN, ...UNCERTAIN),
  hostileText.map((text) => encodeValue(text)),
);

/** Names, and rows of a value for each. */
function anyLines(name: fc.Arbitrary<string>): fc.Arbitrary<{ names: string[]; rows: string[][] }> {
  return fc.uniqueArray(name, { minLength: 1, maxLength: 5 }).chain((names) =>
    fc.record({
      names: fc.constant(names),
      rows: fc.array(fc.tuple(...names.map(() => anyToken)), { maxLength: 5 }),
    }),
  );
}

function linesOf(names: readonly string[], rows: readonly (readonly string[])[]): Buffer {
  const prefixes = linePrefixes(names);
  const lines = rows.map(
    (row) => `${row.map((token, index) => prefixes[index] + token).join('')}}\n`,
  );
  return Buffer.from(lines.join(''));
}

const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 2000);

describe('REALs of which the digits are not certain', () => {
  it('are the same found by points as by looking at every value, whatever the texts', () => {
    let foundCount = 0;
    fc.assert(
      fc.property(anyLines(plainName), ({ names, rows }) => {
        const lines = linesOf(names, rows);
        const expected = finderByValues(names)(lines);
        foundCount += expected.length;
        expect(finderByPoints(names)(lines)).toEqual(expected);
      }),
      { numRuns },
    );
    expect(foundCount).toBeGreaterThan(numRuns / 10);
  });

  it('are found whatever the names', () => {
    fc.assert(
      fc.property(anyLines(fc.oneof(plainName, otherName)), ({ names, rows }) => {
        const found = uncertainRealsFinder(names)(linesOf(names, rows));
        const expected = rows.flatMap((row) =>
          row.flatMap((token, column) => (UNCERTAIN.includes(token) ? [{ token, column }] : [])),
        );
        const lines = linesOf(names, rows);
        expect(
          found.map(({ start, end, column }) => ({
            token: lines.toString('latin1', start, end),
            column,
          })),
        ).toEqual(expected);
      }),
      { numRuns },
    );
  });

  it('have a point, as SQLite writes them', () => {
    const db = memoryDatabase('CREATE TABLE t (x)');
    const write = db.prepare<[number], string>('SELECT json_array(CAST(? AS REAL))').pluck();
    fc.assert(
      fc.property(fc.oneof(fc.double({ noNaN: true }), fc.integer()), (real) => {
        expect(write.get(real)).toMatch(/^\[-?[0-9]+\.[0-9]+(e[+-][0-9]+)?\]$/);
      }),
      { numRuns },
    );
  });
});
