import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../scripts/lib/serve/problem.ts';
import { openApiDocument } from '../../../scripts/lib/serve/openapi.ts';
import { OPERATIONS } from '../../../scripts/lib/serve/server.ts';
import { ToolkitError } from '../../../scripts/lib/model/errors.ts';

const document = openApiDocument(OPERATIONS);

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' ? [String(inner)] : refsIn(inner),
  );
}

describe('the OpenAPI document', () => {
  it('has every route, and each under an id of its own', () => {
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    expect(ids).toHaveLength(OPERATIONS.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers to nothing that it does not have', () => {
    const refs = new Set(refsIn(document));
    expect([...refs]).toEqual(['#/components/schemas/Problem']);
    expect(document.components.schemas['Problem']?.['required']).toContain('code');
  });

  it('names every parameter of a path', () => {
    for (const [path, item] of Object.entries(document.paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters } of Object.values(item)) {
        const inPath = parameters.filter((parameter) => parameter.in === 'path');
        expect(inPath.map(({ name }) => name)).toEqual(names);
      }
    }
  });

  it('is the same text as JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe('a problem', () => {
  it('has the code, the words and the exit code of the error', () => {
    const error = new ToolkitError({
      kind: 'target',
      code: 'target-unreachable',
      message: 'the target cannot be reached',
      hint: 'is it running?',
    });
    expect(problemOf(error)).toEqual({
      type: 'about:blank',
      title: 'Bad Gateway',
      status: 502,
      detail: 'the target cannot be reached',
      code: 'target-unreachable',
      kind: 'target',
      exitCode: 12,
      where: {},
      hint: 'is it running?',
    });
  });

  it('says of a bug nothing but that it is one', () => {
    const problem = problemOf(new TypeError('password hunter2 is undefined'));
    expect(problem).toMatchObject({ status: 500, code: 'bug', exitCode: 1 });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });
});
