import * as z from 'zod';

import { parseCommandLine, flagName, type CommandLine } from '../cli/command-line.ts';
import { analyzeScript } from '../cli/commands/analyze.ts';
import { exportScript } from '../cli/commands/export.ts';
import { importScript } from '../cli/commands/import.ts';
import { verifyScript } from '../cli/commands/verify.ts';
import {
  commonFlags,
  type Flag,
  type FlagSet,
  type FormMeta,
  type NumberForm,
} from '../cli/flags.ts';

const MAX_TEXT = 500;
const MAX_NAMES = 5000;
const oneLine = z
  .string()
  .min(1)
  .max(MAX_TEXT)
  .regex(/^\P{Cc}*$/u, 'must not hold control characters');

/** A name for a new artifact: one folder, hidden nowhere. */
const newArtifactName = z
  .string()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/,
    'must be a plain name of letters, digits, dots, hyphens and underscores',
  );

/** What can be started. */
export const SERVED_STAGES = ['analyze', 'export', 'verify', 'import'] as const;
export type ServedStage = (typeof SERVED_STAGES)[number];

/** What a name in an option stands for; the server knows its path or its URL. */
export type NamedThing = 'source' | 'artifact' | 'mapping' | 'target';

/** What a form shows for an option. */
export type Control =
  | { readonly kind: 'switch' }
  | { readonly kind: 'text' }
  | { readonly kind: 'names' }
  | { readonly kind: 'choice'; readonly words: readonly string[] }
  | { readonly kind: 'name-of'; readonly thing: NamedThing }
  | { readonly kind: 'new-artifact' }
  | NumberForm;

/** One option of a stage, made from the flag of the same name. */
export interface OfferedOption {
  readonly name: string;
  readonly description: string;
  readonly defaultText?: string | undefined;
  readonly isRequired: boolean;
  readonly control: Control;
  /** The value as an API has it: a number as a number, names as a list. */
  readonly schema: z.ZodType;
}

/** A stage as the page and the API offer it. */
export interface OfferedStage {
  readonly stage: ServedStage;
  readonly summary: string;
  readonly takesArtifact: boolean;
  readonly options: readonly OfferedOption[];
}

const COMMAND_LINES: Readonly<Record<ServedStage, CommandLine<FlagSet>>> = {
  analyze: analyzeScript.commandLine,
  export: exportScript.commandLine,
  verify: verifyScript.commandLine,
  import: importScript.commandLine,
};

/** Flags that name a place; here they take the name of something that the server knows. */
const NAMED_BY: Readonly<Record<string, NamedThing>> = {
  source: 'source',
  againstSource: 'source',
  baseline: 'artifact',
  mapping: 'mapping',
  target: 'target',
};

const REQUIRED: Readonly<Record<ServedStage, readonly string[]>> = {
  analyze: ['source'],
  export: ['source'],
  verify: [],
  import: ['target'],
};

/** What names mean here, where the flag speaks of paths and URLs alone. */
const IN_OTHER_WORDS: Readonly<Record<string, string>> = {
  'analyze source': 'a SQLite database of the configured folders',
  'export source': 'a SQLite database of the configured folders',
  'export out': 'the name of the artifact to write',
  'import target': 'a configured database',
};

const ELSEWHERE = 'it writes to a path of the machine';
const OF_THE_MACHINE = 'it is a matter of the machine that the server runs on';

/** The flags that are not offered, each with the reason. */
export const NOT_OFFERED: Readonly<Record<ServedStage, Readonly<Record<string, string>>>> = {
  analyze: {
    draft: ELSEWHERE,
    migration: 'it goes with --draft',
    snakeCase: 'it goes with --draft',
    force: 'it goes with --draft',
    out: `${ELSEWHERE}; the report is kept with the run`,
    html: ELSEWHERE,
    memory: OF_THE_MACHINE,
  },
  export: {
    singleFile: ELSEWHERE,
    from: 'it goes with --single-file',
    html: ELSEWHERE,
  },
  verify: {
    prismaClient: 'it runs the code that a path of the machine names',
    html: ELSEWHERE,
    memory: OF_THE_MACHINE,
  },
  import: {
    migrations: "the server's configuration says it for each target",
    dryRun: '`POST dry-run` sets it',
    status: '`GET targets/:target/journal` tells the same',
    rollback: '`POST :id/rollback` sets it',
    force: '`POST :id/rollback` has it',
    forget: 'the history of all runs is removed by hand',
    html: ELSEWHERE,
    memory: OF_THE_MACHINE,
  },
};

/** The flags of every script: the server sets them itself. */
export const SET_BY_SERVER: readonly string[] = Object.keys(commonFlags);

/** Every stage with its options, in the order of its flags. */
export const OFFERED_STAGES: readonly OfferedStage[] = SERVED_STAGES.map((stage) => {
  const { summary, argument, flags } = COMMAND_LINES[stage];
  return {
    stage,
    summary,
    takesArtifact: argument !== undefined,
    options: Object.entries(flags)
      .filter(([name]) => NOT_OFFERED[stage][name] === undefined)
      .map(([name, flag]) => offer(stage, name, flag)),
  };
});

/** @throws Error for a stage that there is not */
export function offeredStage(stage: ServedStage): OfferedStage {
  const found = OFFERED_STAGES.find((candidate) => candidate.stage === stage);
  if (found === undefined) throw new Error(`there is no stage ${stage}`);
  return found;
}

const optionValueSchema = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.string())])
  .optional();

/** Values of options, by name. */
export const optionValuesSchema = z.record(z.string(), optionValueSchema);
type OptionValue = z.infer<typeof optionValueSchema>;

/** Values of options, as a request has them. */
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** The schema of a stage's options, as a request has them. */
export function optionsSchema({ options }: OfferedStage): z.ZodType<OptionValues> {
  const schema = z.strictObject(
    Object.fromEntries(
      options.map(({ name, schema, description, defaultText, isRequired }) => {
        const text =
          defaultText === undefined ? description : `${description}; default: ${defaultText}`;
        return [name, (isRequired ? schema : schema.optional()).describe(text)];
      }),
    ),
  );
  // Each control has a schema whose values are of that type.
  return schema as unknown as z.ZodType<OptionValues>;
}

/**
 * Options as they stand on the command line of the script, which checks them once more.
 *
 * @param values those of {@link optionsSchema}, with paths and URLs in the place of names
 * @throws ToolkitError of kind `usage` when the script would refuse one
 */
export function argvOf(
  stage: ServedStage,
  argument: string | undefined,
  values: OptionValues,
): string[] {
  const flags = Object.entries(values).flatMap(([name, value]) => flagArguments(name, value));
  // What begins with a hyphen is no flag here.
  const argv =
    argument === undefined
      ? flags
      : argument.startsWith('-')
        ? [...flags, '--', argument]
        : [argument, ...flags];
  parseCommandLine(COMMAND_LINES[stage], argv);
  return argv;
}

function flagArguments(name: string, value: OptionValue): string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [flagName(name)];
  return [`${flagName(name)}=${Array.isArray(value) ? value.join(',') : String(value)}`];
}

function offer(stage: ServedStage, name: string, flag: Flag<unknown>): OfferedOption {
  const control = controlOf(stage, name, flag);
  const isRequired = REQUIRED[stage].includes(name);
  return {
    name,
    description: IN_OTHER_WORDS[`${stage} ${name}`] ?? flag.description,
    defaultText: isRequired ? undefined : flag.defaultText,
    isRequired,
    control,
    schema: schemaOf(control),
  };
}

function controlOf(stage: ServedStage, name: string, { schema }: Flag<unknown>): Control {
  const thing = NAMED_BY[name];
  if (thing !== undefined) return { kind: 'name-of', thing };
  if (stage === 'export' && name === 'out') return { kind: 'new-artifact' };
  const { form } = (schema.meta() ?? {}) as Partial<FormMeta>;
  if (form !== undefined) return form;
  const { type, enum: words } = z.toJSONSchema(schema, { io: 'input' });
  if (type === 'boolean') return { kind: 'switch' };
  return words === undefined ? { kind: 'text' } : { kind: 'choice', words: words.map(String) };
}

function schemaOf(control: Control): z.ZodType {
  switch (control.kind) {
    case 'switch':
      return z.boolean();
    case 'text':
    case 'name-of':
      return oneLine;
    case 'new-artifact':
      return newArtifactName;
    case 'names':
      return z
        .array(oneLine.regex(/^[^,]*$/, 'must not hold a comma'))
        .min(1)
        .max(MAX_NAMES);
    case 'choice':
      return z.enum(control.words);
    case 'number':
      return z
        .number()
        .int()
        .min(control.minimum)
        .max(control.maximum ?? 10 ** 9);
    default:
      return control satisfies never;
  }
}
