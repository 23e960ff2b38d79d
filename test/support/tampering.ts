import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestSchema, type Manifest } from '../../scripts/lib/artifact/manifest.ts';

/** Every file of an artifact, relative to it, sorted; the reports that are kept with it are none of it. */
export function listArtifact(artifact: string): string[] {
  return readdirSync(artifact, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(artifact, file)).isFile())
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !file.startsWith('reports/'))
    .toSorted();
}

export function sha256Of(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

export function readManifest(artifact: string): Manifest {
  return manifestSchema.parse(JSON.parse(readFileSync(join(artifact, 'manifest.json'), 'utf8')));
}

/** The path of a table's data file, relative to the artifact. */
export function dataFileOf(artifact: string, table: string): string {
  const found = readManifest(artifact).tables.find(({ name }) => name === table);
  if (found === undefined) throw new Error(`The artifact has no table ${table}.`);
  return found.file;
}

/** Rewrites a table's lines (without their newlines); checksums and counts are left as they were. */
export function editLines(
  artifact: string,
  table: string,
  edit: (lines: string[]) => readonly string[],
): void {
  const path = join(artifact, dataFileOf(artifact, table));
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const edited = edit(lines).map((line) => `${line}\n`);
  writeFileSync(path, edited.join(''));
}

/** Makes manifest and SHA256SUMS agree with the files again, as somebody who hides a change would. */
export function reseal(artifact: string): void {
  const manifest = readManifest(artifact);
  const tables = manifest.tables.map((table) => {
    const path = join(artifact, table.file);
    const rowCount = readFileSync(path, 'utf8').split('\n').length - 1;
    return { ...table, rowCount, sizeBytes: statSync(path).size, sha256: sha256Of(path) };
  });
  writeManifest(artifact, { ...manifest, tables });
}

/** Writes any manifest, and SHA256SUMS to match. */
export function writeManifest(artifact: string, manifest: unknown): void {
  writeFileSync(join(artifact, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const sums = listArtifact(artifact)
    .filter((file) => file !== 'SHA256SUMS')
    .map((file) => `${sha256Of(join(artifact, file))}  ${file}\n`);
  writeFileSync(join(artifact, 'SHA256SUMS'), sums.join(''));
}
