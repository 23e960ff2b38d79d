import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildSample } from '../../../scripts/lib/sample/build.ts';
import { exportArtifact, verifyInProcess } from '../../support/in-process.ts';
import { readDatabase, type DatabaseContent } from '../../support/independent-reader.ts';
import { detailsOf, restoreInProcess } from '../../support/restore.ts';
import { createSource, querySource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { makeAwkwardDatabase } from './awkward.ts';
import { makeUnusualDatabase } from './unusual.ts';

const folder = temporaryFolder();

/** Exports a database, restores the artifact beside it, and gives what was found on the way. */
async function roundTrip(source: string): Promise<{ restored: string; found: string[] }> {
  const artifact = await exportArtifact(source, `${source}-artifact`);
  const restored = `${source}-restored.db`;
  const { exitCode, error, findings } = await restoreInProcess(artifact, restored);
  expect(error).toBeUndefined();
  expect(exitCode).toBe(0);
  return { restored, found: detailsOf(findings) };
}

/** Table by table, so that a difference is named by it. */
function expectEqual(restored: DatabaseContent, original: DatabaseContent): void {
  expect(restored.pragmas).toEqual(original.pragmas);
  expect(restored.schema).toEqual(original.schema);
  expect([...restored.tables.keys()]).toEqual([...original.tables.keys()]);
  for (const [table, rows] of original.tables) {
    expect([table, restored.tables.get(table)]).toEqual([table, rows]);
  }
}

describe('an artifact is enough to make the database again', () => {
  it.each([
    ['UTF-8', 50_000_000],
    ['UTF-16le', 1_000_000],
    ['UTF-16be', 1_000_000],
  ] as const)('that holds every awkward thing, in %s', async (encoding, largestBytes) => {
    const source = makeAwkwardDatabase(join(folder, `${encoding}.db`), encoding, largestBytes);
    const { restored, found } = await roundTrip(source);
    expect(found.toSorted()).toEqual([
      'orphan: chicken=77 has no parent',
      'orphan: parent=99 has no parent',
      'orphan: v="x" has no parent',
      'orphan: w=55 has no parent',
      'rules-broken: CHECK constraint failed in defaults',
      'virtual-table-empty: own_text',
      'virtual-table-empty: places',
    ]);
    expectEqual(readDatabase(restored), readDatabase(source));
    expect(
      querySource(restored, `SELECT rowid FROM notes_index WHERE notes_index MATCH 'honey'`),
    ).toEqual([{ rowid: 1n }]);
  });

  it('that only its application could have made, but for an index by a function of its own', async () => {
    const source = makeUnusualDatabase(join(folder, 'unusual.db'));
    const { restored, found } = await roundTrip(source);
    expect(found.toSorted()).toEqual([
      'module-missing: table spots: no such module: own_tree',
      'object-not-restored: index by_name: no such function: soundex_de',
      'rules-broken: NULL value in required.v',
      'rules-broken: NUMERIC value in numbered_retyped.v',
      'rules-broken: NUMERIC value in retyped.v',
      'rules-broken: NUMERIC value in rowless_retyped.v',
      'rules-broken: TEXT value in retyped.w',
      'rules-broken: TEXT value in rowless_retyped.k',
      'rules-broken: non-INTEGER value in made_strict.v',
      'rules-broken: non-TEXT value in made_strict.w',
      'rules-broken: non-unique entry in index once',
    ]);
    const original = readDatabase(source);
    const schema = original.schema.filter((object) => !object.startsWith('index by_name '));
    expectEqual(readDatabase(restored), { ...original, schema });
  });

  it('of the sample, with its migration history', async () => {
    const source = join(folder, 'vanguard.db');
    await buildSample({ file: source });
    const { restored, found } = await roundTrip(source);
    expect(found).toEqual([]);
    expectEqual(readDatabase(restored), readDatabase(source));
    expect(readDatabase(restored).tables.get('_prisma_migrations')).toHaveLength(2);
  });

  it('of Northwind', async () => {
    const sql = readFileSync(new URL('../northwind/source.sql', import.meta.url), 'utf8');
    const source = createSource(join(folder, 'northwind.db'), sql);
    const { restored, found } = await roundTrip(source);
    expect(found).toEqual([]);
    expectEqual(readDatabase(restored), readDatabase(source));
  });

  it('and the restored one gives the same artifact again', async () => {
    const source = makeAwkwardDatabase(join(folder, 'twice.db'), 'UTF-8', 1000);
    const { restored } = await roundTrip(source);
    const again = await roundTrip(restored);
    expectEqual(readDatabase(again.restored), readDatabase(source));
    expect(await verifyInProcess(`${restored}-artifact`)).not.toHaveProperty('errorCode');
    expect(sums(`${restored}-artifact`)).toEqual(sums(`${source}-artifact`));
  });
});

/** The checksums of an artifact's data files. */
function sums(artifact: string): string[] {
  return readFileSync(join(artifact, 'SHA256SUMS'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('data/'));
}
