import type * as z from 'zod';

import { ToolkitError } from '../../model/errors.ts';
import { didYouMean } from '../../model/nearest.ts';
import { keysAt } from './schema.ts';

/** A place in a mapping: the keys that lead to it. */
export type MappingPath = readonly (string | number)[];

/** Something in a mapping that cannot be. */
export interface MappingFault {
  readonly path: MappingPath;
  readonly message: string;
  /** Where it is known better than by the path. */
  readonly line?: number;
}

/** The file that a fault is in. */
export interface FaultyFile {
  readonly file: string;
  /** The line of a place in the file, from 1; undefined for a module. */
  readonly lineOf: (path: MappingPath) => number | undefined;
}

/** The error that refuses a mapping, with all its faults in the order of their lines. */
export function mappingError(
  { file, lineOf }: FaultyFile,
  faults: readonly MappingFault[],
): ToolkitError {
  const placed = faults
    .map((fault) => ({ ...fault, line: fault.line ?? lineOf(fault.path) }))
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const [first] = placed;
  const isOne = placed.length === 1;
  const described = placed.map(({ path, line, message }) => {
    // The line of the only one is in the error's own place.
    const lines = line === undefined || isOne ? [] : [`line ${line}`];
    const place = [...lines, ...(path.length === 0 ? [] : [showPath(path)])].join(', ');
    return place === '' ? message : `${place}: ${message}`;
  });
  return new ToolkitError({
    kind: 'usage',
    code: 'mapping-invalid',
    message: isOne
      ? `the mapping cannot be used: ${described[0] ?? ''}`
      : ['the mapping cannot be used', ...described.map((text) => `  - ${text}`)].join('\n'),
    where: { file, ...(isOne && first?.line !== undefined ? { line: first.line } : {}) },
    hint: 'mend the file; "The mapping file" in MIGRATION_GUIDE.md says what it may hold',
  });
}

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `tables.users.columns."e-mail".convert[1]` */
function showPath(path: MappingPath): string {
  return path
    .map((key) =>
      typeof key === 'number' ? `[${key}]` : PLAIN_KEY.test(key) ? key : JSON.stringify(key),
    )
    .join('.')
    .replaceAll('.[', '[');
}

/** What the schema says is wrong with a mapping, in words for a person. */
export function faultsOfIssues(issues: readonly z.core.$ZodIssue[]): MappingFault[] {
  return issues.flatMap((issue) => faultsOfIssue(issue, []));
}

function faultsOfIssue(issue: z.core.$ZodIssue, base: MappingPath): MappingFault[] {
  const path = [...base, ...issue.path.filter((key) => typeof key !== 'symbol')];
  if (issue.code === 'unrecognized_keys' && issue.message === UNEXPLAINED) {
    const known = keysAt(path);
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `there is no such key here${didYouMean(key, known)} (${known.join(', ')})`,
    }));
  }
  if (issue.code === 'invalid_union' && issue.message === UNEXPLAINED) {
    return nearestAlternative(issue.errors).flatMap((inner) => faultsOfIssue(inner, path));
  }
  return [{ path, message: issue.message }];
}

/** Of a choice between one thing and a list of them: what is wrong with the one that is there. */
function nearestAlternative(
  alternatives: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] {
  const ofRightType = alternatives.filter((issues) =>
    issues.every((issue) => issue.code !== 'invalid_type' || issue.path.length > 0),
  );
  return (
    ofRightType.find((issues) => issues.every(({ path }) => path.length > 0)) ??
    ofRightType[0] ??
    []
  );
}

/** Stands for the message of an issue whose parts say more. */
const UNEXPLAINED = '';

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** The message of an issue for which the schema has none of its own. */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${TYPE_NAMES[String(issue['expected'])] ?? String(issue['expected'])}`;
    case 'invalid_value':
      return describeChoice(issue);
    case 'too_small':
      return 'must not be empty';
    default:
      return UNEXPLAINED;
  }
}

function describeChoice({ input, values }: z.core.$ZodRawIssue): string {
  const known = (Array.isArray(values) ? values : []).map(String);
  const given = typeof input === 'string' ? `, and is ${input}${didYouMean(input, known)}` : '';
  return `must be one of ${known.join(', ')}${given}`;
}
