import { describe, expect, it } from 'vitest';
import { flagName, helpText } from '../../../scripts/lib/cli/command-line.ts';
import { EXIT_CODES } from '../../../scripts/lib/cli/exit-codes.ts';
import { commonFlags, type FlagSet } from '../../../scripts/lib/cli/flags.ts';
import { COMMAND_LINES } from '../../../scripts/lib/docs/generated-sections.ts';

describe.each(COMMAND_LINES.map((commandLine) => [commandLine.name, commandLine] as const))(
  'the help of %s',
  (_, commandLine) => {
    // Lines are broken by width: what counts is the text.
    const help = helpText(commandLine).replaceAll(/\s+/g, ' ');
    const flags: FlagSet = { ...commandLine.flags, ...commonFlags };

    it.each(Object.entries(flags))(
      'has the flag %s with its description and default',
      (name, flag) => {
        const placeholder = flag.placeholder === undefined ? '' : ` <${flag.placeholder}>`;
        const fallback = flag.defaultText === undefined ? '' : ` (default: ${flag.defaultText})`;
        expect(help).toContain(`${flagName(name)}${placeholder} ${flag.description}${fallback}`);
      },
    );

    it('has the default of every flag that takes a value', () => {
      for (const flag of Object.values(flags)) {
        expect(flag.placeholder === undefined || flag.defaultText !== undefined).toBe(true);
      }
    });

    it('has what the script does, --help and --version', () => {
      expect(help).toContain(commandLine.summary);
      expect(help).toMatch(/--help .*--version|--version .*--help/);
    });

    it('has an example that names the script', () => {
      expect(commandLine.examples.length).toBeGreaterThan(0);
      for (const example of commandLine.examples) {
        expect(example).toMatch(
          new RegExp(`scripts/${commandLine.name}\\.ts|npm run ${commandLine.name}`),
        );
        expect(help).toContain(example);
      }
    });

    it('has every exit code with its meaning', () => {
      for (const [code, meaning] of Object.entries(EXIT_CODES)) {
        expect(help).toContain(`${code} ${meaning}`);
      }
    });
  },
);

it.each(COMMAND_LINES.map((commandLine) => [commandLine.name, helpText(commandLine)]))(
  'fits into 100 columns, but for examples and exit codes: %s',
  (_, help) => {
    const [options = ''] = help.split('\nExamples:');
    expect(options.split('\n').filter((line) => line.length > 100)).toEqual([]);
  },
);
