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

async function expectMove(make: (file: string) => string): Promise<void> {
  databases += 1;
  const path = join(folder, String(databases));
  const source = make(`${path}.db`);
  const moved = await moveByDraft(source, await draftInProcess(source, path));
  await moved.database.drop();
  expect(moved.troubles).toEqual([]);
}

it(
  'moves tables of any columns and values by their draft',
  { timeout: 60_000 * RUNS },
  async () => {
    const property = fc.asyncProperty(anyDatabase, async (design) =>
      expectMove((file) => makeDatabase(file, design)),
    );
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  },
);

it(
  'moves tables of any names, keys and rules by their draft',
  { timeout: 60_000 * RUNS },
  async () => {
    for (let run = 0; run < RUNS; run++) {
      const seed = SEED + run;
      try {
        await expectMove((file) => makeSoundDatabase(file, seed));
      } catch (error) {
        throw new Error(`DRAFT_SEED=${seed} DRAFT_RUNS=1 repeats it`, { cause: error });
      }
    }
  },
);
