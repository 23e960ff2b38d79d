import { describe, expect, it } from 'vitest';
import { xminOf } from '../../../../scripts/lib/target/journal/proof.ts';

const entry = (xid: bigint | null, isOfItsTransaction = true): Parameters<typeof xminOf>[0] => ({
  xid: xid === null ? null : xid.toString(),
  isOfItsTransaction,
});

describe('the xmin of loaded rows', () => {
  it('is the low 32 bits of their transaction, while no other transaction has the same', () => {
    expect(xminOf(entry(1000n), 1001n)).toBe('1000');
    expect(xminOf(entry(1000n), 1000n + 2n ** 32n - 1n)).toBe('1000');
    expect(xminOf(entry(5n * 2n ** 32n + 7n), 5n * 2n ** 32n + 8n)).toBe('7');
  });

  it.each([
    ['the ids have gone round since', entry(1000n), 1000n + 2n ** 32n],
    ['the server has not come to that transaction: it is another server', entry(1000n), 1000n],
    [
      'the entry was written by another transaction: both were restored',
      entry(1000n, false),
      2000n,
    ],
    ['nothing was loaded', entry(null), 2000n],
  ])('proves nothing where %s', (_, table, nextXid) => {
    expect(xminOf(table, nextXid)).toBeNull();
  });
});
