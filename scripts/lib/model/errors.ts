/** What went wrong, by who can mend it; `lib/cli/exit-codes.ts` maps each kind to an exit code. */
export type ErrorKind =
  'usage' | 'source' | 'artifact' | 'target' | 'target-schema' | 'interrupted' | 'bug';

/** The place an error or a finding speaks of; every part is optional because not every fault has it. */
export interface Place {
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
  /** The row's primary key as readable text, e.g. `id=42`. */
  readonly rowKey?: string | undefined;
  /** A path: inside the artifact relative to its root, elsewhere as the user gave it. */
  readonly file?: string | undefined;
  /** 1-based line in `file`. */
  readonly line?: number | undefined;
}

export interface ToolkitErrorOptions {
  readonly kind: ErrorKind;
  /** Stable, kebab-case identifier for scripts that read the JSON report. */
  readonly code: string;
  /** What happened, in one sentence without the place and without any secret. */
  readonly message: string;
  readonly where?: Place;
  /** What the user can do next. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * A command cannot go on. Facts about data are findings (see `findings.ts`), never errors.
 * A stack trace is shown only for errors that are not of this class.
 */
export class ToolkitError extends Error {
  override readonly name = 'ToolkitError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly where: Place;
  readonly hint: string | undefined;

  constructor(options: ToolkitErrorOptions) {
    super(options.message, { cause: options.cause });
    this.kind = options.kind;
    this.code = options.code;
    this.where = options.where ?? {};
    this.hint = options.hint;
  }
}

/** The same error in other words. */
export function reword(
  { kind, code, message, where, hint, cause }: ToolkitError,
  words: Partial<Pick<ToolkitErrorOptions, 'message' | 'where' | 'hint'>>,
): ToolkitError {
  return new ToolkitError({
    kind,
    code,
    message,
    where,
    cause,
    ...(hint === undefined ? {} : { hint }),
    ...words,
  });
}

/** An error as a report holds it. */
export interface ErrorDescription {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  readonly where: Place;
  readonly hint?: string | undefined;
}

/** The parts of an error that a report may show: neither stack nor cause. */
export function describeError(error: unknown): ErrorDescription {
  if (error instanceof ToolkitError) {
    const { kind, code, message, where, hint } = error;
    return { kind, code, message, where, ...(hint === undefined ? {} : { hint }) };
  }
  return { kind: 'bug', code: 'bug', message: String(error), where: {} };
}
