import { ToolkitError, type ErrorKind } from '../model/errors.ts';
import type { Finding } from '../model/findings.ts';

/** Every exit code of every script, and what it means. Published: add, never change. */
export const EXIT_CODES = {
  0: 'done, and nothing stands in the way',
  1: 'a bug in the toolkit: please report it with the stack trace',
  2: 'usage: a flag or a value that cannot be',
  3: 'done, but with blocking findings: an orphan, a mismatch, a value that does not fit',
  10: 'the source cannot be read',
  11: 'the artifact cannot be read or written; of import and export: it is damaged',
  12: 'the target cannot be reached or refused the work',
  13: "the target's schema does not fit, or its migrations are not applied",
  130: 'interrupted by Ctrl-C; nothing half-written is left',
} as const;

export type ExitCode = keyof typeof EXIT_CODES;

const BY_KIND: Readonly<Record<ErrorKind, ExitCode>> = {
  bug: 1,
  usage: 2,
  source: 10,
  artifact: 11,
  target: 12,
  'target-schema': 13,
  interrupted: 130,
};

/** The exit code of a kind of error. */
export function exitCodeOfKind(kind: ErrorKind): ExitCode {
  return BY_KIND[kind];
}

/** The exit code of an error; anything that is no ToolkitError is a bug. */
export function exitCodeOfError(error: unknown): ExitCode {
  return error instanceof ToolkitError ? BY_KIND[error.kind] : 1;
}

interface WithFindings {
  readonly findings: readonly Finding[];
}

/** The exit code of a script that reads and reports: findings of every kind are its result. */
export function exitCodeOfFindings({ findings }: WithFindings): ExitCode {
  return findings.some((finding) => finding.severity === 'blocking') ? 3 : 0;
}

/** The exit code of a script that refuses to go on: what stands in the way decides. */
export function exitCodeOfRefusal({ findings }: WithFindings): ExitCode {
  const blocking = findings.filter((finding) => finding.severity === 'blocking');
  if (blocking.some((finding) => finding.kind === 'integrity')) return 11;
  if (blocking.some((finding) => finding.kind === 'structure')) return 13;
  return blocking.length > 0 ? 3 : 0;
}
