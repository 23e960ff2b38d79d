import { describe, expect, it } from 'vitest';
import { ExternalSort } from '../../../scripts/lib/compare/external-sort.ts';

function sorted(rows: readonly (readonly [key: Buffer, payload: string])[]): string[] {
  const sort = new ExternalSort<string>();
  try {
    for (const [key, payload] of rows) sort.add(key, payload);
    return [...sort.rows()].map(({ payload }) => payload);
  } finally {
    sort.close();
  }
}

describe('a sort outside memory', () => {
  it('gives the rows in the order of the bytes of their keys, a shorter key first', () => {
    const rows = ['ff', '0001', '', '00', '7f', '80'].map(
      (hex) => [Buffer.from(hex, 'hex'), hex] as const,
    );
    expect(sorted(rows)).toEqual(['', '00', '0001', '7f', '80', 'ff']);
  });

  it('keeps rows of one key, in the order in which they came', () => {
    const key = Buffer.from('a');
    expect(
      sorted([
        [key, '2'],
        [Buffer.from('b'), '0'],
        [key, '1'],
        [key, '2'],
      ]),
    ).toEqual(['2', '1', '2', '0']);
  });

  it('can be left in the middle', () => {
    const sort = new ExternalSort<string>();
    for (const payload of ['b', 'a', 'c']) sort.add(Buffer.from(payload), payload);
    for (const { payload } of sort.rows()) {
      expect(payload).toBe('a');
      break;
    }
    sort.close();
  });
});
