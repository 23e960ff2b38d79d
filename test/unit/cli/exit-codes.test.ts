import { describe, expect, it } from 'vitest';
import {
  EXIT_CODES,
  exitCodeOfError,
  exitCodeOfFindings,
  exitCodeOfKind,
  exitCodeOfRefusal,
} from '../../../scripts/lib/cli/exit-codes.ts';
import { ToolkitError, type ErrorKind } from '../../../scripts/lib/model/errors.ts';
import type { Finding } from '../../../scripts/lib/model/findings.ts';

function finding(severity: Finding['severity'], kind: Finding['kind']): Finding {
  return { code: 'x', severity, kind, message: '', where: {}, total: 1, examples: [] };
}

const dataFound = finding('blocking', 'data');
const structureFound = finding('blocking', 'structure');
const integrityFound = finding('blocking', 'integrity');

it('are 0, 1, 2, 3, 10, 11, 12, 13 and 130', () => {
  expect(Object.keys(EXIT_CODES).map(Number)).toEqual([0, 1, 2, 3, 10, 11, 12, 13, 130]);
});

it.each([
  ['bug', 1],
  ['usage', 2],
  ['source', 10],
  ['artifact', 11],
  ['target', 12],
  ['target-schema', 13],
  ['interrupted', 130],
] satisfies [ErrorKind, number][])('an error of kind %s is %d', (kind, code) => {
  expect(exitCodeOfKind(kind)).toBe(code);
  expect(exitCodeOfError(new ToolkitError({ kind, code: 'x', message: '' }))).toBe(code);
});

it('anything else that is thrown is a bug', () => {
  expect([
    exitCodeOfError(new TypeError()),
    exitCodeOfError('text'),
    exitCodeOfError(undefined),
  ]).toEqual([1, 1, 1]);
});

describe('findings', () => {
  it('of a script that reports are 3 when any is blocking', () => {
    expect(exitCodeOfFindings({ findings: [] })).toBe(0);
    expect(
      exitCodeOfFindings({ findings: [finding('warning', 'integrity'), finding('info', 'data')] }),
    ).toBe(0);
    for (const found of [dataFound, structureFound, integrityFound]) {
      expect(exitCodeOfFindings({ findings: [finding('info', 'data'), found] })).toBe(3);
    }
  });

  it('of a script that refuses are what stands in the way: the artifact, the schema, the data', () => {
    expect(exitCodeOfRefusal({ findings: [] })).toBe(0);
    expect(exitCodeOfRefusal({ findings: [finding('warning', 'integrity')] })).toBe(0);
    expect(exitCodeOfRefusal({ findings: [dataFound] })).toBe(3);
    expect(exitCodeOfRefusal({ findings: [dataFound, structureFound] })).toBe(13);
    expect(exitCodeOfRefusal({ findings: [dataFound, structureFound, integrityFound] })).toBe(11);
  });
});
