import pg from 'pg';
import { expect, test } from 'vitest';

import { ToolkitError } from '../../../scripts/lib/model/errors.ts';
import { backoffMs, isTransient } from '../../../scripts/lib/target/faults.ts';

function databaseError(code: string): pg.DatabaseError {
  const error = new pg.DatabaseError('message', 0, 'error');
  error.code = code;
  return error;
}

test.each(['57P01', '57P02', '57P03', '53300', '40001', '40P01', '08006', '08001', '08P01'])(
  'tries again after SQLSTATE %s',
  (code) => {
    expect(isTransient(databaseError(code))).toBe(true);
  },
);

test.each(['23505', '42P01', '53100', '22P02', '28P01', '3D000', '42501', '57014'])(
  'stops at SQLSTATE %s',
  (code) => {
    expect(isTransient(databaseError(code))).toBe(false);
  },
);

test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])('tries again after %s', (code) => {
  expect(isTransient(Object.assign(new Error('network'), { code }))).toBe(true);
});

test('tries again after what pg says of a dead connection without a code', () => {
  expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
  expect(isTransient(new Error('Connection terminated'))).toBe(true);
  expect(isTransient(new Error('something else'))).toBe(false);
});

test('looks for the cause of an error of the toolkit and of several addresses', () => {
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const wrapped = new ToolkitError({
    kind: 'target',
    code: 'target-refused',
    message: 'no',
    cause: new AggregateError([refused]),
  });
  expect(isTransient(wrapped)).toBe(true);
});

test('never takes a full disk or a refused row for something that passes', () => {
  const wrapped = new ToolkitError({
    kind: 'target',
    code: 'target-refused',
    message: 'no',
    cause: databaseError('53100'),
  });
  expect(isTransient(wrapped)).toBe(false);
});

test('waits twice as long each time, up to half a minute, with a part left to chance', () => {
  expect([1, 2, 3].map((attempt) => backoffMs(attempt, () => 1))).toEqual([1000, 2000, 4000]);
  expect([1, 2, 3].map((attempt) => backoffMs(attempt, () => 0))).toEqual([500, 1000, 2000]);
  expect(backoffMs(20, () => 1)).toBe(30_000);
});
