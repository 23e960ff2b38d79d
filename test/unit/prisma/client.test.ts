import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../../scripts/lib/prisma/client/failure-text.ts';
import { spread } from '../../../scripts/lib/prisma/client/read-model.ts';

const say = (code: string | undefined, message: string): string =>
  describeFailure(
    Object.assign(new SyntaxError(message), code === undefined ? {} : { code }),
    new Set(['blue']),
  );

describe('the rows that are read of a model', () => {
  it.each([
    [0, []],
    [1, [0]],
    [4, [0, 1, 2, 3]],
    [5, [0, 1, 3, 4]],
    [1_000_000_000, [0, 333_333_333, 666_666_666, 999_999_999]],
  ])('of %d are the first, the last and some in between', (rowCount, expected) => {
    expect(spread(rowCount, 4)).toEqual(expected);
  });

  it('are the first alone where one is wanted', () => {
    expect(spread(9, 1)).toEqual([0]);
  });
});

describe('what is said of a read that failed', () => {
  const invocation = '\nInvalid `prisma.event.findMany()` invocation:\n\n\n';

  it.each([
    [
      'P2023',
      "Value 'blue' not found in enum 'Color'",
      "the client's enum Color has no value for the label blue (P2023)",
    ],
    [
      'P2023',
      "Value 'my 'secret'' not found in enum 'Color'",
      "the client's enum Color does not have a value that is there (P2023)",
    ],
    [
      'P2023',
      "Expected an integer in column 'total', got string: secret",
      'Expected an integer, got string (P2023)',
    ],
    [
      'P2023',
      'Expected an affected rows count, got: string (secret)',
      'Expected an affected rows count, got (P2023)',
    ],
    ['P2023', 'Inconsistent column data: secret', 'Inconsistent column data (P2023)'],
    [
      'P2020',
      'Value out of range for the type: "secret"',
      'Value out of range for the type (P2020)',
    ],
    [
      'P2010',
      "Failed to deserialize column of type 'regclass'. If you're secret",
      "Failed to deserialize column of type 'regclass' (P2010)",
    ],
    [
      'P2022',
      'The column `events.data` does not exist in the current database.',
      'The column `events.data` does not exist in the current database. (P2022)',
    ],
    ['ECONNRESET', 'secret', 'the connection failed (ECONNRESET)'],
    [
      undefined,
      'Cannot convert secret to a BigInt',
      'what is there cannot be converted (SyntaxError)',
    ],
  ])('has no value in it: %s %s', (code, message, expected) => {
    expect(say(code, `${invocation}${message}`)).toBe(expected);
  });
});
