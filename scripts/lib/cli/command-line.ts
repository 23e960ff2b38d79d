import { Command, CommanderError, Option } from 'commander';

import { ToolkitError } from '../model/errors.ts';
import { TOOL_VERSION } from '../model/version.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { commonFlags, type Flag, type FlagSet, type FlagValues } from './flags.ts';

/** What a script's command line looks like. */
export interface CommandLine<Flags extends FlagSet> {
  readonly name: string;
  readonly summary: string;
  /** The one argument that is no flag, if the script has one. */
  readonly argument?: {
    readonly name: string;
    readonly description: string;
    /** The script itself says when it is missing; it is '' then. */
    readonly isOptional?: boolean;
    /** It may be given more than once. */
    readonly isRepeatable?: boolean;
  };
  readonly flags: Flags;
  readonly examples: readonly string[];
}

/** A command line that was taken apart. */
export interface Invocation<Flags extends FlagSet> {
  readonly argument: string;
  /** What was given after the argument, where it may be repeated. */
  readonly furtherArguments: readonly string[];
  readonly flags: FlagValues<Flags & typeof commonFlags>;
}

/** `--help` or `--version` was asked for: the text is the whole answer. */
export class AnswerInstead extends Error {}

/** The help text of a script: usage, every flag with its default, examples, exit codes. */
export function helpText<Flags extends FlagSet>(commandLine: CommandLine<Flags>): string {
  return buildCommand(commandLine).helpInformation();
}

/** `dryRun` as it stands on the command line: `--dry-run`. */
export function flagName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * Takes a command line apart and validates each value.
 *
 * @throws AnswerInstead for `--help` and `--version`
 * @throws ToolkitError of kind `usage`, one line that names the flag and the nearest one there is
 */
export function parseCommandLine<Flags extends FlagSet>(
  commandLine: CommandLine<Flags>,
  argv: readonly string[],
): Invocation<Flags> {
  const command = buildCommand(commandLine);
  let printed = '';
  command.configureOutput({ writeOut: (text) => (printed += text), writeErr: () => undefined });
  try {
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) throw new AnswerInstead(printed.trimEnd());
    throw usageError(commandLine.name, error.message.replace(/^error: /, '').replaceAll('\n', ' '));
  }
  const raw = command.opts<Record<string, unknown>>();
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(allFlags(commandLine))) {
    const parsed = flag.schema.safeParse(raw[name]);
    if (!parsed.success) {
      const reason = parsed.error.issues[0]?.message ?? 'has a bad value';
      throw usageError(commandLine.name, `${flagName(name)} ${String(raw[name])}: ${reason}`);
    }
    values[name] = parsed.data;
  }
  // Each value was made by the schema that its type is inferred from.
  const flags = values as FlagValues<Flags & typeof commonFlags>;
  const [argument = '', ...furtherArguments] = command.args;
  return { argument, furtherArguments, flags };
}

function allFlags(commandLine: CommandLine<FlagSet>): Record<string, Flag<unknown>> {
  return { ...commandLine.flags, ...commonFlags };
}

function buildCommand(commandLine: CommandLine<FlagSet>): Command {
  const command = new Command(`npx tsx scripts/${commandLine.name}.ts`)
    .description(commandLine.summary)
    .exitOverride()
    .allowExcessArguments(false)
    .configureHelp({ helpWidth: 100 })
    .helpOption('--help', 'print this help')
    .version(TOOL_VERSION, '--version', 'print the version of the toolkit');
  if (commandLine.argument !== undefined) {
    const { name, description, isOptional = false, isRepeatable = false } = commandLine.argument;
    const shown = isRepeatable ? `${name}...` : name;
    command.argument(isOptional ? `[${shown}]` : `<${shown}>`, description);
  }
  for (const [name, flag] of Object.entries(allFlags(commandLine))) {
    const value = flag.placeholder === undefined ? '' : ` <${flag.placeholder}>`;
    const fallback = flag.defaultText === undefined ? '' : ` (default: ${flag.defaultText})`;
    const option = new Option(`${flagName(name)}${value}`, flag.description + fallback);
    if (flag.isRepeatable === true) option.argParser(collected);
    command.addOption(option);
  }
  // Part of the help itself, so that the text can be had without printing.
  const plain = command.helpInformation.bind(command);
  command.helpInformation = (context) =>
    `${plain(context)}\n${section('Examples', commandLine.examples)}\n${section('Exit codes', exitCodeLines())}`;
  return command;
}

function collected(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

function section(title: string, lines: readonly string[]): string {
  return `${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function exitCodeLines(): string[] {
  return Object.entries(EXIT_CODES).map(([code, meaning]) => `${code.padStart(3)}  ${meaning}`);
}

function usageError(command: string, message: string): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'usage',
    message: `${message}; see ${command} --help`,
  });
}
