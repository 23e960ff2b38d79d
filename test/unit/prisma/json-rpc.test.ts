import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import { describe, expect, test } from 'vitest';
import { UserFacingError } from '../../../scripts/lib/prisma/engine/errors.ts';
import {
  failureLine,
  parseRequest,
  printLine,
  successLine,
} from '../../../scripts/lib/prisma/engine/json-rpc.ts';

const REQUEST = { id: 7, method: 'diff' };

describe('parseRequest', () => {
  test('reads a request with and without parameters', () => {
    const line = '{"id":1,"jsonrpc":"2.0","method":"reset","params":{"filter":{}}}';
    expect(parseRequest(line)).toEqual({ id: 1, method: 'reset', params: { filter: {} } });
    expect(parseRequest('{"id":2,"jsonrpc":"2.0","method":"debugPanic"}')).toEqual({
      id: 2,
      method: 'debugPanic',
    });
  });

  test('reads over empty lines and the answer to its own print', () => {
    expect(parseRequest('')).toBeUndefined();
    expect(parseRequest('{"id":"print","jsonrpc":"2.0","result":{}}')).toBeUndefined();
  });

  test.each([
    { line: '{"id":1,"jsonrpc":"2.0"}', message: 'method' },
    { line: 'diff', message: 'not valid JSON' },
  ])('does not leave $line without a word', ({ line, message }) => {
    expect(() => parseRequest(line)).toThrow(message);
  });
});

describe('answers', () => {
  test('are one line each', () => {
    expect(printLine('a\nb')).toBe(
      '{"jsonrpc":"2.0","id":"print","method":"print","params":{"content":"a\\nb"}}\n',
    );
  });

  test('have a result even where there is none to tell', () => {
    expect(successLine(REQUEST, undefined)).toBe('{"jsonrpc":"2.0","id":7,"result":null}\n');
  });

  test.each([
    { error: new UserFacingError('P3018', 'no'), code: 'P3018' },
    { error: new DriverAdapterError({ kind: 'DatabaseDoesNotExist', db: 'x' }), code: 'P1003' },
    { error: new Error('odd'), code: undefined },
  ])('carry code $code', ({ error, code }) => {
    const { data } = errorOf(failureLine(REQUEST, error));
    expect(data).toEqual({ is_panic: false, message: error.message, error_code: code });
  });

  test('mark a crash of the engine', () => {
    const panic = new WebAssembly.RuntimeError('unreachable');
    expect(errorOf(failureLine(REQUEST, panic))).toMatchObject({
      message: 'unreachable',
      data: { is_panic: true },
    });
  });
});

function errorOf(line: string): { readonly message: string; readonly data: object } {
  const { error } = JSON.parse(line) as { error: { message: string; data: object } };
  return error;
}
