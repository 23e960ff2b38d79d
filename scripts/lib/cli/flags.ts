import * as z from 'zod';

/** One flag of a script. The schema takes what stood on the command line: text, or true for a switch. */
export interface Flag<Value> {
  /** What stands for the value in the help, e.g. FILE; a switch has none. */
  readonly placeholder?: string;
  readonly description: string;
  /** The default, in words. */
  readonly defaultText?: string;
  /** It may be given more than once: the schema takes a list, or undefined when it is absent. */
  readonly isRepeatable?: boolean;
  readonly schema: z.ZodType<Value>;
}

/** Flags by their name in camelCase: `dryRun` is `--dry-run`. */
export type FlagSet = Readonly<Record<string, Flag<unknown>>>;

export type FlagValues<Flags extends FlagSet> = {
  readonly [Name in keyof Flags]: z.infer<Flags[Name]['schema']>;
};

/** A flag with a value; `schema` gets undefined when it is absent. */
export function valueFlag<Value>(
  placeholder: string,
  description: string,
  schema: z.ZodType<Value>,
  defaultText?: string,
): Flag<Value> {
  return {
    placeholder,
    description,
    schema,
    ...(defaultText === undefined ? {} : { defaultText }),
  };
}

/** What a form needs to know of a value that is text on a command line. */
export interface FormMeta {
  readonly form: { readonly kind: 'names' } | NumberForm;
}

/** A whole number within limits. */
export interface NumberForm {
  readonly kind: 'number';
  readonly minimum: number;
  readonly maximum?: number;
}

/** A flag without a value. */
export function switchFlag(description: string): Flag<boolean> {
  return { description, schema: z.boolean().default(false) };
}

const text = z.string().min(1, 'must not be empty');

/** A flag with a value that may be given more than once. */
export function repeatableFlag(
  placeholder: string,
  description: string,
  defaultText: string,
): Flag<readonly string[]> {
  return {
    placeholder,
    description,
    defaultText,
    isRepeatable: true,
    schema: z.array(text).default([]),
  };
}

export const optionalText = text.optional();

/** One of these words; undefined when the flag is absent. */
export function optionalChoice<Word extends string>(
  words: readonly Word[],
): z.ZodType<Word | undefined> {
  return z.enum(words, `must be one of ${words.join(', ')}`).optional();
}

/** `a,b,c` as a list of names. */
export const optionalNames = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(z.array(z.string().min(1, 'holds an empty name')))
  .optional()
  .meta({ form: { kind: 'names' } } satisfies FormMeta);

/** A whole number from `minimum` on. */
export function wholeNumber(minimum: number, fallback: number): z.ZodType<number> {
  return wholeNumberFrom(minimum).default(fallback).meta(numberForm(minimum));
}

/** A whole number from `minimum` to `maximum`; undefined when the flag is absent. */
export function optionalWholeNumber(
  minimum: number,
  maximum: number,
): z.ZodType<number | undefined> {
  return wholeNumberFrom(minimum)
    .refine((value) => value <= maximum, `must be at most ${maximum}`)
    .optional()
    .meta(numberForm(minimum, maximum));
}

function numberForm(minimum: number, maximum?: number): FormMeta & Record<string, unknown> {
  return { form: { kind: 'number', minimum, ...(maximum === undefined ? {} : { maximum }) } };
}

function wholeNumberFrom(minimum: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^[0-9]{1,15}$/, `must be a whole number from ${minimum}`)
    .transform(Number)
    .refine((value) => value >= minimum, `must be a whole number from ${minimum}`);
}

/** Where the source is. */
export const sourceFlag = valueFlag(
  'FILE',
  'the SQLite database: a path, or file:… as Prisma writes it',
  optionalText,
  'SQLITE_URL from the environment or .env',
);

/** The mapping file. */
export const mappingFlag = valueFlag(
  'FILE',
  'what goes where and how, where names and types alone do not say it: JSON, or a module with a default export',
  optionalText,
  'none',
);

/** Where the page goes. */
export const htmlFlag = valueFlag(
  'FILE',
  'also write the report as one self-contained page to this file; a page that is there is replaced',
  optionalText,
  'none',
);

const BYTES_OF_UNIT: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9 };

/** `64MB` as a number of bytes; undefined when the flag is absent. */
const optionalSize = z
  .string()
  .regex(/^[0-9]{1,6}[KMG]B$/i, 'must be a size such as 64MB')
  .transform(
    (text) => Number(text.slice(0, -2)) * (BYTES_OF_UNIT[text.slice(-2).toUpperCase()] ?? 1),
  )
  .optional();

/** How much memory keys may take. */
export const memoryFlag = valueFlag(
  'SIZE',
  'what the keys that are checked may take of the memory, such as 64MB; what does not fit goes to a temporary file, which is slower',
  optionalSize,
  '40MB',
);

/** The flags that every script has. */
export const commonFlags = {
  json: switchFlag('print one JSON report on stdout, and nothing else there'),
  quiet: switchFlag('print errors and blocking findings only'),
  progress: valueFlag(
    'HOW',
    'auto: shown to a person; json: one event a line on stderr, and nothing else there; none: not shown',
    z.enum(['auto', 'json', 'none'], 'must be auto, json or none').default('auto'),
    'auto',
  ),
  progressFile: valueFlag(
    'FILE',
    'also append each event to this file, one a line',
    optionalText,
    'none',
  ),
  metricsFile: valueFlag(
    'FILE',
    'also keep metrics in this file, as OpenMetrics text for the textfile collector of a node exporter',
    optionalText,
    'none',
  ),
} as const;

/** What the command line says in the flags that every script has. */
export type CommonValues = FlagValues<typeof commonFlags>;

/** What the command line says in the flags that the script alone has. */
export function withoutCommon<Values extends CommonValues>(
  values: Values,
): Omit<Values, keyof CommonValues> {
  const {
    json: _json,
    quiet: _quiet,
    progress: _progress,
    progressFile: _progressFile,
    metricsFile: _metricsFile,
    ...others
  } = values;
  return others;
}
