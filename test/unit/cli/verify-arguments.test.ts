import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../scripts/lib/cli/command-line.ts';
import { verifyScript } from '../../../scripts/lib/cli/commands/verify.ts';
import { quietContext } from '../../support/artifact.ts';
import { errorOf } from '../../support/error-of.ts';

async function refusalOf(...argv: readonly string[]): Promise<string> {
  const invocation = parseCommandLine(verifyScript.commandLine, argv);
  const { kind, message } = await errorOf(async () =>
    verifyScript.run(invocation, quietContext, {}),
  );
  return `${kind}: ${message}`;
}

describe('verify', () => {
  it('takes several artifacts, and a mapping for each in their order', () => {
    const { argument, furtherArguments, flags } = parseCommandLine(verifyScript.commandLine, [
      'a',
      '--mapping',
      'a.json',
      'b',
      '--mapping',
      'none',
      'c',
    ]);
    expect([argument, ...furtherArguments]).toEqual(['a', 'b', 'c']);
    expect(flags.mapping).toEqual(['a.json', 'none']);
  });

  it.each([
    [
      ['a', 'b', '--mapping', 'a.json'],
      '2 artifacts and 1 mapping: give one --mapping for each in their order, none for one that has none',
    ],
    [
      ['a', '--mapping', 'a.json', '--mapping', 'b.json'],
      '1 artifact and 2 mappings: give one --mapping for each',
    ],
    [['a', 'b', '--summary'], 'several artifacts are checked offline: without --summary'],
    [
      ['a', 'b', '--target', 'postgresql://localhost/x', '--baseline', 'c'],
      'several artifacts are checked offline: without --target, --baseline',
    ],
  ])('%j is refused', async (argv, message) => {
    expect(await refusalOf(...argv)).toContain(`usage: ${message}`);
  });
});
