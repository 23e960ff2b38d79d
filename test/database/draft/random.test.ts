import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyDatabase, makeDatabase } from '../../support/any-database.ts';
import { draftInProcess, moveByDraft } from '../../support/drafted.ts';
import { makeSoundDatabase } from '../../support/sound-database.ts';
import { temporaryFolder } from '../../support/temp.ts';

/** How many databases of each kind are made up; more by hand. */
const RUNS = Number(process.env['DRAFT_RUNS'] ?? 2);
/** Repeats a run of the second kind. */
const SEED = Number(process.env['DRAFT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const folder = temporaryFolder();
let databases = 0;

/** What went wrong on the way of a database by its draft. */
async function troublesOf(make: (file: string) => string): Promise<readonly string[]> {
  databases += 1;
  const path = join(folder, String(databases));
  const source = make(`${path}.db`);
  const moved = await moveByDraft(source, await draftInProcess(source, path));
  await moved.database.drop();
  return moved.troubles;
}

it(
  'moves tables of any columns and values by their draft',
  { timeout: 60_000 * RUNS },
  async () => {
    const property = fc.asyncProperty(anyDatabase, async (design) => {
      expect(await troublesOf((file) => makeDatabase(file, design))).toEqual([]);
    });
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  },
);

it.for(Array.from({ length: RUNS }, (_, run) => SEED + run))(
  'moves tables of any names, keys and rules by their draft, DRAFT_SEED=%i',
  { timeout: 60_000 },
  async (seed) => {
    expect(await troublesOf((file) => makeSoundDatabase(file, seed))).toEqual([]);
  },
);
