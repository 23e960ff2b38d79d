import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exportSource } from '../../../scripts/lib/commands/export.ts';
import { restoreArtifact } from '../../../scripts/lib/commands/restore.ts';
import { verifyArtifact } from '../../../scripts/lib/commands/verify.ts';
import { anyDatabase, makeDatabase, type DatabaseDesign } from '../../support/any-database.ts';
import { quietContext } from '../../support/artifact.ts';
import { readDatabase } from '../../support/independent-reader.ts';

async function goesRound(design: DatabaseDesign): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'toolkit-test-'));
  try {
    const source = makeDatabase(join(folder, 'source.db'), design);
    const artifact = join(folder, 'artifact');
    await exportSource({ source, out: artifact }, quietContext);
    const verified = await verifyArtifact({ artifact }, quietContext);
    expect(verified.findings).toEqual([]);
    const file = join(folder, 'restored.db');
    const restored = await restoreArtifact({ artifact, file, dryRun: false }, quietContext);
    expect(restored.findings.filter(({ code }) => code !== 'rules-broken')).toEqual([]);
    expect(readDatabase(file)).toEqual(readDatabase(source));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('any database comes back from its artifact, equal to the last bit', async () => {
  await fc.assert(fc.asyncProperty(anyDatabase, goesRound), { numRuns: 60 });
});
