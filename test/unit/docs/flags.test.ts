import { describe, expect, it } from 'vitest';
import { flagName } from '../../../scripts/lib/cli/command-line.ts';
import { commonFlags } from '../../../scripts/lib/cli/flags.ts';
import { COMMAND_LINES } from '../../../scripts/lib/docs/generated-sections.ts';
import { codeIn, documents } from './documents.ts';

const COMMON = [...Object.keys(commonFlags).map(flagName), '--help', '--version'];
const flagsOf = new Map(
  COMMAND_LINES.map(({ name, flags }) => [name, [...Object.keys(flags).map(flagName), ...COMMON]]),
);
/** Flags of prisma, npm, vitest, sqldiff, node, node_exporter, pg_dump, pg_restore, gpg and zstd in the documents. */
const FOREIGN =
  '--schema --omit --project --primarykey --create-only --cpu-prof --cpu-prof-dir --collector --format --file --list --encrypt --recipient --output --rm'.split(
    ' ',
  );

const flagsIn = (text: string): string[] =>
  [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag);

/** Command lines of the toolkit's scripts in a text: the script's name and what follows it. */
function commandLines(text: string): { script: string; rest: string }[] {
  const names = [...flagsOf.keys()].join('|');
  const pattern = new RegExp(
    String.raw`(?:npx tsx scripts/|npm run )(${names})(?:\.ts)?\b([^\n;&|]*)`,
    'g',
  );
  return [...codeIn(text).matchAll(pattern)].map(([, script = '', rest = '']) => ({
    script,
    rest,
  }));
}

describe.each(documents)('the flags in $file', ({ text }) => {
  it('are flags of the script that they are given to', () => {
    const unknown = commandLines(text).flatMap(({ script, rest }) =>
      flagsIn(rest)
        .filter((flag) => flagsOf.get(script)?.includes(flag) !== true)
        .map((flag) => `${script} ${flag}`),
    );
    expect(unknown).toEqual([]);
  });

  it('are flags of some script or of a tool that is known', () => {
    const known = new Set([...flagsOf.values(), ...FOREIGN].flat());
    // What stands as an example of a mistake.
    const mistakes = new Set(['--dryrun']);
    expect(flagsIn(text).filter((flag) => !known.has(flag) && !mistakes.has(flag))).toEqual([]);
  });
});

it('command lines are found in the documents', () => {
  expect(documents.flatMap(({ text }) => commandLines(text)).length).toBeGreaterThan(20);
});
