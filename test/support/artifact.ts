import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../scripts/lib/artifact/manifest.ts';
import { exportSource } from '../../scripts/lib/commands/export.ts';
import { silentProgress, type CommandContext } from '../../scripts/lib/model/progress.ts';
import type { SourceEncoding } from '../../scripts/lib/model/source-catalog.ts';
import { sqliteFile } from './sqlite.ts';

/** The context of a command that shows nothing and is never interrupted. */
export const quietContext: CommandContext = {
  signal: new AbortController().signal,
  progress: silentProgress,
};
// As the scripts do: every session listens.
setMaxListeners(0, quietContext.signal);

/** Exports the database that this script makes, as `<folder>/<name>`, and returns that path. */
export async function exportedArtifact(
  folder: string,
  name: string,
  sql: string,
  encoding: SourceEncoding = 'UTF-8',
): Promise<string> {
  const source = sqliteFile(join(folder, `${name}.db`), sql, encoding);
  const out = join(folder, name);
  await exportSource({ source, out }, quietContext);
  return out;
}

/** Changes a file of an artifact and nothing else. */
export function edit(artifact: string, file: string, change: (text: string) => string): void {
  const path = join(artifact, file);
  const text = readFileSync(path, 'latin1');
  const changed = change(text);
  if (changed === text) throw new Error(`nothing was changed in ${file}`);
  writeFileSync(path, changed, 'latin1');
}

/**
 * Changes a data file and makes the artifact agree with it again: sizes, row counts and checksums.
 * What a check still finds then is in the lines themselves.
 */
export function forge(artifact: string, file: string, change: (text: string) => string): void {
  edit(artifact, file, change);
  const bytes = readFileSync(join(artifact, file));
  editManifest(artifact, (manifest) => {
    for (const table of manifest.tables.filter((candidate) => candidate.file === file)) {
      table.sizeBytes = bytes.length;
      table.sha256 = sha256(bytes);
      table.rowCount = bytes.toString('latin1').split('\n').length - 1;
    }
  });
}

/** Changes the manifest and makes SHA256SUMS agree with every file again. */
export function editManifest(artifact: string, change: (manifest: Manifest) => void): void {
  const path = join(artifact, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  change(manifest);
  writeFileSync(path, JSON.stringify(manifest));
  const files = ['manifest.json', 'schema.sql', ...manifest.tables.map((table) => table.file)];
  const lines = files.map((file) => `${sha256(readFileSync(join(artifact, file)))}  ${file}\n`);
  writeFileSync(join(artifact, 'SHA256SUMS'), lines.join(''));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
