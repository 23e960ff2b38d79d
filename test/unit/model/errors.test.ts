import { expect, it } from 'vitest';
import { ToolkitError, describeError } from '../../../scripts/lib/model/errors.ts';

it('a report of an error has what a person needs, and neither stack nor cause', () => {
  const error = new ToolkitError({
    kind: 'target',
    code: 'refused',
    message: 'the server refused',
    where: { table: 'users' },
    hint: 'start it',
    cause: new Error('password=secret'),
  });
  expect(describeError(error)).toEqual({
    kind: 'target',
    code: 'refused',
    message: 'the server refused',
    where: { table: 'users' },
    hint: 'start it',
  });
  expect(error.cause).toBeInstanceOf(Error);
});

it('anything else that is thrown is a bug', () => {
  expect(describeError(new TypeError('x is not a function'))).toEqual({
    kind: 'bug',
    code: 'bug',
    message: 'TypeError: x is not a function',
    where: {},
  });
});
