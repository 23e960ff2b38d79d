import { describe, expect, it } from 'vitest';
import {
  ParentKeySet,
  WaitingChildren,
  openKeyDatabase,
} from '../../../scripts/lib/check/key-set.ts';
import { MalformedText, type SqliteValue } from '../../../scripts/lib/model/values.ts';

const malformed = (...bytes: number[]): SqliteValue => new MalformedText(new Uint8Array(bytes));

describe('a set of parent keys', () => {
  it('has what was added, by affinity and collation of the parent', () => {
    const keys = new ParentKeySet(openKeyDatabase(), 0, [
      { affinity: 'text', collation: 'NOCASE' },
    ]);
    keys.add(['Ada']);
    keys.add([5n]);
    for (const value of ['ADA', 'ada', '5', 5n]) expect(keys.has([value])).toBe(true);
    for (const value of ['Ad', '5.0', Buffer.from('Ada')]) expect(keys.has([value])).toBe(false);
  });

  it('leaves out keys with a NULL in them, and never has one', () => {
    const any = { affinity: 'blob', collation: 'BINARY' } as const;
    const keys = new ParentKeySet(openKeyDatabase(), 0, [any, any]);
    keys.add([1n, null]);
    expect(keys.has([1n, null])).toBe(false);
  });

  it('may be told the same key twice', () => {
    const keys = new ParentKeySet(openKeyDatabase(), 0, [
      { affinity: 'integer', collation: 'BINARY' },
    ]);
    keys.add([1n]);
    keys.add([1]);
    expect(keys.has(['1'])).toBe(true);
  });

  it('keeps malformed texts apart from each other and from BLOBs', () => {
    const keys = new ParentKeySet(openKeyDatabase(), 0, [
      { affinity: 'text', collation: 'BINARY' },
    ]);
    keys.add([malformed(0x61, 0xff)]);
    expect(keys.has([malformed(0x61, 0xff)])).toBe(true);
    expect(keys.has([malformed(0x61, 0xfe)])).toBe(false);
    expect(keys.has([new Uint8Array([0x61, 0xff])])).toBe(false);
  });

  it('compares by BINARY where only the application knew the collation', () => {
    const keys = new ParentKeySet(openKeyDatabase(), 0, [
      { affinity: 'text', collation: 'GERMAN' },
    ]);
    keys.add(['a']);
    expect([keys.has(['a']), keys.has(['A'])]).toEqual([true, false]);
  });
});

it('gives back the waiting children, or those without a parent, in line order with their values', () => {
  const db = openKeyDatabase();
  const parents = new ParentKeySet(db, 0, [{ affinity: 'integer', collation: 'BINARY' }]);
  const waiting = new WaitingChildren(db, 0, 1);
  const [later, last, first] = [
    { line: 5, rowKey: 'id=5', values: ['7'] },
    { line: 9, rowKey: 'id=9', values: [2n ** 63n - 1n] },
    { line: 3, rowKey: undefined, values: ['x'] },
  ] as const;
  for (const child of [last, first, later]) waiting.add(child);
  parents.add([7n]);
  expect([...waiting.inLineOrder()]).toEqual([first, later, last]);
  expect([...waiting.inLineOrder(parents)]).toEqual([first, last]);
});
