import { describe, expect, it } from 'vitest';
import { VALUE_KINDS, type ValueKind } from '../../../../scripts/lib/source/census/kinds.ts';
import { expectedKinds } from '../../../../scripts/lib/source/census/expected-kinds.ts';
import { memoryDatabase, tableOf } from '../../../support/sqlite.ts';

function expectedOf(declaredType: string): ReadonlySet<ValueKind> | null {
  const [column] = tableOf(memoryDatabase(`CREATE TABLE t (x ${declaredType})`), 't').columns;
  if (column === undefined) throw new Error('there is no column');
  return expectedKinds(column);
}

describe('a declared type', () => {
  it.each<[string, ValueKind[], ValueKind[]]>([
    ['INTEGER', ['integer', 'zero-or-one'], ['text', 'text-empty', 'real-decimal', 'blob']],
    ['BIGINT UNSIGNED', ['integer'], ['text-integer', 'real-whole']],
    ['REAL', ['real-long', 'real-infinite', 'integer'], ['text', 'blob']],
    ['DOUBLE PRECISION', ['real-decimal'], ['text-decimal']],
    ['DECIMAL(10,2)', ['integer', 'real-decimal', 'text-decimal'], ['text', 'real-infinite']],
    ['BOOLEAN', ['zero-or-one', 'text-boolean'], ['integer', 'text', 'text-integer']],
    ['DATETIME', ['integer', 'real-decimal', 'time-with-zone', 'date'], ['text', 'time-of-day']],
    ['JSONB', ['json-object', 'json-scalar', 'integer'], ['text', 'text-empty', 'blob']],
    ['UUID', ['uuid', 'blob', 'uuid-or-integer'], ['text', 'integer']],
    ['TEXT', ['text', 'text-with-nul', 'json-array', 'uuid'], ['blob', 'integer']],
    ['VARCHAR(20)', ['text-integer', 'text-empty'], ['blob']],
    ['BLOB', ['blob'], ['text', 'integer']],
    ['varbinary(16)', ['blob'], ['text']],
  ])('%s goes with some kinds of values and not with others', (declared, fitting, others) => {
    const expected = expectedOf(declared) ?? new Set();
    expect(fitting.filter((kind) => !expected.has(kind))).toEqual([]);
    expect(others.filter((kind) => expected.has(kind))).toEqual([]);
    expect(expected.has('null')).toBe(true);
  });

  it.each(['', 'STRING', 'TIME', 'FLOATING POINT', 'ANY'])('"%s" says nothing', (declared) => {
    expect(expectedOf(declared)).toBeNull();
  });
});

it('every kind of text goes with TEXT', () => {
  const texts = VALUE_KINDS.slice(VALUE_KINDS.indexOf('text-with-nul'));
  expect([...(expectedOf('TEXT') ?? [])].toSorted()).toEqual(['null', ...texts].toSorted());
});
