import { describe, expect, it } from 'vitest';
import {
  canRunTogether,
  orderLocks,
  type LockMode,
  type TableLock,
} from '../../../../scripts/lib/target/constraints/locks.ts';

const MODES: readonly LockMode[] = [
  'ROW SHARE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'ACCESS EXCLUSIVE',
];
const lock = (table: string, mode: LockMode): TableLock => ({ table, mode });

describe('the locks of a load', () => {
  it('are one a table, in the strongest mode that is asked for, in the order of the names', () => {
    expect(
      orderLocks([
        lock('"s"."b"', 'SHARE'),
        lock('"s"."a"', 'SHARE ROW EXCLUSIVE'),
        lock('"s"."b"', 'ACCESS EXCLUSIVE'),
        lock('"s"."a"', 'ROW SHARE'),
        lock('"r"."z"', 'ROW SHARE'),
      ]),
    ).toEqual([
      lock('"r"."z"', 'ROW SHARE'),
      lock('"s"."a"', 'SHARE ROW EXCLUSIVE'),
      lock('"s"."b"', 'ACCESS EXCLUSIVE'),
    ]);
  });

  it('let those load together whose modes PostgreSQL lets be held together', () => {
    const compatible = MODES.flatMap((mode) =>
      MODES.filter((other) => canRunTogether([lock('t', mode)], [lock('t', other)])).map(
        (other) => `${mode} with ${other}`,
      ),
    );
    expect(compatible).toEqual([
      'ROW SHARE with ROW SHARE',
      'ROW SHARE with SHARE',
      'ROW SHARE with SHARE ROW EXCLUSIVE',
      'SHARE with ROW SHARE',
      'SHARE with SHARE',
      'SHARE ROW EXCLUSIVE with ROW SHARE',
    ]);
  });

  it('let those load together that have no table in common', () => {
    const some = [lock('a', 'ACCESS EXCLUSIVE'), lock('b', 'ACCESS EXCLUSIVE')];
    expect(canRunTogether(some, [lock('c', 'ACCESS EXCLUSIVE')])).toBe(true);
    expect(canRunTogether(some, [lock('c', 'ROW SHARE'), lock('b', 'ROW SHARE')])).toBe(false);
    expect(canRunTogether([], some)).toBe(true);
  });
});
