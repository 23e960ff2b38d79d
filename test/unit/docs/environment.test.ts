import { expect, it } from 'vitest';
import { EXIT_CODES } from '../../../scripts/lib/cli/exit-codes.ts';
import { documents, readText, sectionOf, sourcesBelow } from './documents.ts';

const README = readText('README.md');
const GUIDE = readText('MIGRATION_GUIDE.md');
const all = documents.map(({ text }) => text).join('\n');

/** Variables that are read by name, and those that a hint tells the user to set. */
function variablesIn(source: string): string[] {
  const read = [...source.matchAll(/\benv(?:ironment)?\['([A-Z_]+)'\]/g)];
  const destructured = /const \{([^}]*)\} = process\.env;/.exec(source)?.[1] ?? '';
  const hinted = [...source.matchAll(/\b(SQLITE_[A-Z]+DIR|PG[A-Z]+)\b/g)].filter(
    ([name]) => name !== 'PGDATA',
  );
  return [...read, ...destructured.matchAll(/^\s*([A-Z_]+)\b/gm), ...hinted].map(
    ([, name = '']) => name,
  );
}

it('every environment variable that is read stands in README or the guide', () => {
  const files = [...sourcesBelow('scripts'), 'prisma.config.ts', 'test/support/postgres-server.ts'];
  const variables = new Set(files.flatMap((file) => variablesIn(readText(file))));
  for (const name of ['SQLITE_URL', 'PRISMA_MIGRATIONS', 'TEST_POSTGRES_IMAGE', 'NO_COLOR']) {
    expect(variables).toContain(name);
  }
  const documented = new Set(all.match(/\b[A-Z][A-Z_]+\b/g));
  expect([...variables].filter((name) => !documented.has(name))).toEqual([]);
});

it.each(Object.keys(EXIT_CODES))(
  'exit code %s stands in README and has a section in the guide',
  (code) => {
    expect(README).toMatch(new RegExp(`^\\| ${code} +\\|`, 'm'));
    expect(sectionOf(GUIDE, `### ${code}`).trim()).not.toBe('');
  },
);
