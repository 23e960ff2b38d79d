/** What went wrong, by who can mend it; `lib/cli/exit-codes.ts` maps each kind to an exit code. */
export type ErrorKind =
  | 'usage'
  | 'source'
  | 'artifact'
  | 'target'
  | 'target-schema'
  | 'interrupted'
  | 'bug';

/** The place an error or a finding speaks of; every part is optional because not every fault has it. */
export interface Place {
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  /** The row's primary key as readable text, e.g. `id=42`. */
  readonly rowKey?: string;
  /** A path: inside the artifact relative to its root, elsewhere as the user gave it. */
  readonly file?: string;
  /** 1-based line in `file`. */
  readonly line?: number;
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
