import { STATUS_CODES } from 'node:http';

import * as z from 'zod';

import { exitCodeOfKind } from '../cli/exit-codes.ts';
import { ToolkitError, describeError, type ErrorKind } from '../model/errors.ts';
import { errorSchema } from '../model/reports/parts.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/**
 * What the API answers when it does not do what it was asked for.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc9457
 */
export const problemSchema = z.object({
  type: z.literal('about:blank'),
  title: z.string().describe('the words of the status'),
  status: z.number().int(),
  detail: z.string().describe('what happened'),
  code: errorSchema.shape.code.describe('stable name of the error, as in the reports'),
  kind: errorSchema.shape.kind,
  exitCode: z.number().int().describe('with which a script would end'),
  where: errorSchema.shape.where,
  hint: errorSchema.shape.hint,
});

export type Problem = z.infer<typeof problemSchema>;

/** The status of errors that are the server's own; the others have that of their kind. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'not-authorized': 401,
  'foreign-request': 403,
  'no-such-run': 404,
  'no-such-page': 404,
  'no-such-table': 404,
  'unknown-name': 404,
  'target-busy': 409,
  'run-at-work': 409,
  'run-over': 409,
  'nothing-to-roll-back': 409,
  'nothing-to-resume': 409,
  'body-too-large': 413,
  'body-not-json': 415,
  'confirmation-missing': 422,
  'too-many-runs': 429,
};

const STATUS_BY_KIND: Readonly<Record<ErrorKind, number>> = {
  usage: 400,
  source: 422,
  artifact: 422,
  target: 502,
  'target-schema': 422,
  interrupted: 503,
  bug: 500,
};

/** Problem details of whatever was thrown; of a bug nothing but that it is one. */
export function problemOf(error: unknown): Problem {
  const { kind, code, message, where, hint } = describeError(asToolkitError(error));
  const status = STATUS_BY_CODE[code] ?? STATUS_BY_KIND[kind];
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? '',
    status,
    detail: message,
    code,
    kind,
    exitCode: exitCodeOfKind(kind),
    where,
    ...(hint === undefined ? {} : { hint }),
  };
}

function asToolkitError(error: unknown): ToolkitError {
  if (error instanceof ToolkitError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return refusal('body-too-large', 'the body is larger than any request is');
  }
  if (typeof status === 'number' && status === 415) {
    return refusal('body-not-json', 'a body is JSON: Content-Type: application/json');
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return refusal('usage', 'the request cannot be read');
  }
  return new ToolkitError({
    kind: 'bug',
    code: 'bug',
    message: 'the server has a bug',
    hint: 'the stack trace stands in the terminal of the server: please report it',
  });
}

function refusal(code: string, message: string): ToolkitError {
  return new ToolkitError({ kind: 'usage', code, message });
}

/**
 * What a request says, in the form that its schema gives it.
 *
 * @throws ToolkitError of kind `usage` that names the first place which cannot be
 */
export function parseRequest<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw new ToolkitError({
    kind: 'usage',
    code: 'usage',
    message: `${place}${issue?.message ?? 'the request has a wrong form'}`,
    hint: 'GET /api/v1/openapi.json says what a request may hold',
  });
}
