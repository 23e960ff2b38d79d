import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whyUnsupported } from '../../../scripts/lib/artifact/compression.ts';
import { parseCommandLine } from '../../../scripts/lib/cli/command-line.ts';
import { exportScript } from '../../../scripts/lib/cli/commands/export.ts';
import { exportedArtifact, quietContext } from '../../support/artifact.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

async function runExport(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  return exportScript.run(parseCommandLine(exportScript.commandLine, argv), quietContext, env);
}

describe('flags of export that cannot stand together are refused by name:', () => {
  it.each([
    [
      ['--from', 'a', '--source', 'b', '--out', 'c'],
      ['--from', '--source'],
    ],
    [
      ['--from', 'a', '--tables', 'b', '--out', 'c'],
      ['--from', '--tables'],
    ],
    [
      ['--from', 'a', '--exclude', 'b', '--single-file', 'c'],
      ['--from', '--exclude'],
    ],
    [
      ['--source', 'a', '--single-file', 'b', '--out', 'c'],
      ['--single-file', '--out'],
    ],
    [
      ['--from', 'a', '--single-file', 'b', '--out', 'c'],
      ['--single-file', '--out'],
    ],
    [
      ['--from', 'a'],
      ['--from', '--single-file FILE', '--out DIR'],
    ],
    [
      ['--single-file', 'a'],
      ['--source', 'SQLITE_URL'],
    ],
    [
      ['--from', 'a', '--compress', 'gzip', '--out', 'c'],
      ['--from', '--compress'],
    ],
    [
      ['--source', 'a', '--compress', 'gzip', '--single-file', 'c'],
      ['--compress', '--single-file'],
    ],
    [
      ['--source', 'a', '--compress', 'xz'],
      ['--compress', 'gzip, zstd'],
    ],
    [
      ['--single-file', ''],
      ['--single-file', 'empty'],
    ],
    [
      ['--from', '', '--out', 'a'],
      ['--from', 'empty'],
    ],
  ])('%j', async (argv, named) => {
    const refused = (async () => runExport(argv))();
    await expect(refused).rejects.toMatchObject({ kind: 'usage', code: 'usage' });
    for (const name of named) await expect(refused).rejects.toThrow(name);
  });
});

it('zstd is refused before anything is read where Node has none', async () => {
  const source = join(folder, 'missing.db');
  const refused = (async () => runExport(['--source', source, '--compress', 'zstd']))();
  await expect(refused).rejects.toMatchObject(
    whyUnsupported('zstd') === null ? { kind: 'source' } : { kind: 'usage', code: 'usage' },
  );
});

it('SQLITE_URL in the environment does not stand against --from', async () => {
  const artifact = await exportedArtifact(
    folder,
    'shop',
    'CREATE TABLE t (id INTEGER PRIMARY KEY)',
  );
  const out = join(folder, 'shop.json');
  const env = { SQLITE_URL: `file:${join(folder, 'nothing.db')}` };
  expect(await runExport(['--from', artifact, '--single-file', out], env)).toMatchObject({
    source: artifact,
    artifact: { path: out },
  });
});
