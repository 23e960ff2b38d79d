import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  AnswerInstead,
  flagName,
  helpText,
  parseCommandLine,
  type CommandLine,
} from '../../../scripts/lib/cli/command-line.ts';
import {
  optionalNames,
  optionalText,
  switchFlag,
  valueFlag,
  wholeNumber,
} from '../../../scripts/lib/cli/flags.ts';
import { ToolkitError } from '../../../scripts/lib/model/errors.ts';
import { TOOL_VERSION } from '../../../scripts/lib/model/version.ts';

const flags = {
  source: valueFlag('FILE', 'the database', optionalText, 'SQLITE_URL'),
  samples: valueFlag('N', 'so many rows', wholeNumber(1, 5), '5'),
  tables: valueFlag('A,B', 'these only', optionalNames),
  mode: valueFlag('MODE', 'how', z.enum(['fast', 'safe']).default('safe')),
  dryRun: switchFlag('change nothing'),
} as const;
const withoutArgument: CommandLine<typeof flags> = {
  name: 'try',
  summary: 'Tries it.',
  flags,
  examples: ['npx tsx scripts/try.ts --source shop.db'],
};
const withArgument = {
  ...withoutArgument,
  argument: { name: 'artifact', description: 'a folder' },
};

function parse(...argv: string[]): unknown {
  return parseCommandLine(withoutArgument, argv).flags;
}

function messageFor(commandLine: CommandLine<typeof flags>, ...argv: string[]): unknown {
  try {
    return parseCommandLine(commandLine, argv);
  } catch (error) {
    return error instanceof ToolkitError && error.kind === 'usage' ? error.message : error;
  }
}

const defaults = {
  source: undefined,
  samples: 5,
  tables: undefined,
  mode: 'safe',
  dryRun: false,
  json: false,
  quiet: false,
  progress: 'auto',
  progressFile: undefined,
  metricsFile: undefined,
};

describe('a command line', () => {
  it('without flags has the default of each', () => {
    expect(parse()).toEqual(defaults);
  });

  it('with flags has their values', () => {
    expect(
      parse(
        '--source',
        'a b.db',
        '--samples=7',
        '--tables',
        'x, y z ',
        '--mode',
        'fast',
        '--dry-run',
        '--json',
        '--quiet',
      ),
    ).toEqual({
      ...defaults,
      source: 'a b.db',
      samples: 7,
      tables: ['x', 'y z'],
      mode: 'fast',
      dryRun: true,
      json: true,
      quiet: true,
    });
  });

  it('has the last of two values', () => {
    expect(parse('--source', 'a', '--source', 'b')).toEqual({ ...defaults, source: 'b' });
  });

  it('takes a value that looks like a flag when it is joined by =', () => {
    expect(parse('--source=--dry-run')).toEqual({ ...defaults, source: '--dry-run' });
  });

  it('has its argument, before or behind the flags', () => {
    expect(parseCommandLine(withArgument, ['exports/a', '--json']).argument).toBe('exports/a');
    expect(parseCommandLine(withArgument, ['--json', 'exports/a']).argument).toBe('exports/a');
    expect(parseCommandLine(withArgument, ['--', '--odd']).argument).toBe('--odd');
  });
});

describe('a fault is one line that names it:', () => {
  it.each([
    [['--sorce', 'x'], "unknown option '--sorce' (Did you mean --source?); see try --help"],
    [['--dryrun'], "unknown option '--dryrun' (Did you mean --dry-run?); see try --help"],
    [['--jsn'], "unknown option '--jsn' (Did you mean --json?); see try --help"],
    [['--zzzzzzzz'], "unknown option '--zzzzzzzz'; see try --help"],
    [['-x'], "unknown option '-x'; see try --help"],
    [['--source'], "option '--source <FILE>' argument missing; see try --help"],
    [['--source', ''], '--source : must not be empty; see try --help'],
    [['--samples', 'many'], '--samples many: must be a whole number from 1; see try --help'],
    [['--samples', '0'], '--samples 0: must be a whole number from 1; see try --help'],
    [['--samples', '-1'], '--samples -1: must be a whole number from 1; see try --help'],
    [['--samples', '1.5'], '--samples 1.5: must be a whole number from 1; see try --help'],
    [['--samples', '1e3'], '--samples 1e3: must be a whole number from 1; see try --help'],
    [['--tables', 'a,,b'], '--tables a,,b: holds an empty name; see try --help'],
    [['--tables', ''], '--tables : holds an empty name; see try --help'],
    [['surplus'], expect.stringContaining('too many arguments')],
  ])('%j', (argv, message) => {
    expect(messageFor(withoutArgument, ...argv)).toEqual(message);
  });

  it('a value of a choice', () => {
    expect(messageFor(withoutArgument, '--mode', 'slow')).toMatch(/^--mode slow: .*"fast"\|"safe"/);
  });

  it('an argument that is missing, or one too many', () => {
    expect(messageFor(withArgument)).toBe("missing required argument 'artifact'; see try --help");
    expect(messageFor(withArgument, 'a', 'b')).toContain('too many arguments');
  });

  it.each([[['--sorce']], [['--source']], [['--samples', 'a\nb']]])('on one line: %j', (argv) => {
    expect(
      messageFor(withoutArgument, ...argv.map((text) => text.replace('\n', ' '))),
    ).not.toContain('\n');
  });
});

describe('help', () => {
  it('is the answer to --help, whatever else stands there', () => {
    expect(() => parseCommandLine(withArgument, ['--help'])).toThrow(AnswerInstead);
    expect(() => parseCommandLine(withArgument, ['--help'])).toThrow(
      helpText(withArgument).trimEnd(),
    );
  });

  it('is not printed by the parser itself, nor is the version', () => {
    expect(() => parseCommandLine(withoutArgument, ['--version'])).toThrow(
      new AnswerInstead(TOOL_VERSION),
    );
  });

  it('has the argument with its description', () => {
    expect(helpText(withArgument)).toMatch(/artifact\s+a folder/);
    expect(helpText(withArgument)).toContain('npx tsx scripts/try.ts [options] <artifact>');
  });
});

it('writes names of flags as they stand on the command line', () => {
  expect([flagName('source'), flagName('skipMigrationCheck')]).toEqual([
    '--source',
    '--skip-migration-check',
  ]);
});
