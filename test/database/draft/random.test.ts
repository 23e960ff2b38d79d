import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyDatabase, makeDatabase } from '../../support/any-database.ts';
import { draftInProcess, moveByDraft } from '../../support/drafted.ts';
import { temporaryFolder } from '../../support/temp.ts';

const RUNS = Number(process.env['DRAFT_RUNS'] ?? 3);
const folder = temporaryFolder();
let databases = 0;

it('moves any database by its draft', { timeout: 60_000 * RUNS }, async () => {
  const property = fc.asyncProperty(anyDatabase, async (design) => {
    databases += 1;
    const path = join(folder, String(databases));
    const source = makeDatabase(`${path}.db`, design);
    const moved = await moveByDraft(source, await draftInProcess(source, path));
    await moved.database.drop();
    expect(moved.troubles).toEqual([]);
  });
  await fc.assert(property, { numRuns: RUNS, verbose: 1, endOnFailure: true });
});
