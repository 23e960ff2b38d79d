import { expect, it } from 'vitest';
import { importScript } from '../../../scripts/lib/cli/commands/import.ts';
import { parseCommandLine } from '../../../scripts/lib/cli/command-line.ts';
import { quietContext } from '../../support/artifact.ts';

const TARGET = ['--target', 'postgresql://nobody@localhost:1/none'];

async function run(args: readonly string[]): Promise<unknown> {
  const invocation = parseCommandLine(importScript.commandLine, [...TARGET, ...args]);
  return importScript.run(invocation, quietContext, {});
}

it.each([
  [['--status', '--forget'], '--status and --forget exclude each other'],
  [['exports/app', '--status'], '--status takes no artifact'],
  [['exports/app', '--rollback', 'x'], '--rollback takes no artifact'],
  [[], "missing required argument 'artifact'"],
  [['exports/app', '--force'], '--force goes with --rollback only'],
  [['--status', '--force'], '--force goes with --rollback only'],
  [
    ['--rollback', 'x', '--truncate', '--tables', 'a'],
    '--rollback goes without --truncate, --tables',
  ],
  [['--status', '--target', 'sqlite:restored.db'], 'a restored file has no journal'],
  [['exports/app', '--truncate', '--append'], '--truncate and --append exclude each other'],
])('import %j is refused: %s', async (args, said) => {
  const refusal = run(args);
  await expect(refusal).rejects.toMatchObject({ kind: 'usage', code: 'usage' });
  await expect(refusal).rejects.toThrow(said);
});
