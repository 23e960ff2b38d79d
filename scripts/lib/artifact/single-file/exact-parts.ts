import { createHash } from 'node:crypto';

import { ToolkitError, type Place } from '../../model/errors.ts';
import { dataTables, type ManifestTable } from '../manifest.ts';
import { CHECKSUMS_FILE, MANIFEST_FILE, SCHEMA_FILE } from '../paths.ts';
import { readWhole } from '../read-file.ts';
import { artifactPath, type Artifact } from '../reader.ts';
import { changedFile, requireSame } from '../unchanged.ts';
import { layOut } from './token-text.ts';

// The document says what a file means; these functions make sure that its bytes follow from that.

/** @throws ToolkitError when files are compressed: a document says their rows, and not their bytes */
export function requirePlainFiles({ manifest }: Artifact): void {
  const compressed = dataTables(manifest).find(({ stored }) => stored !== undefined);
  if (compressed === undefined) return;
  throw noSingleFileForm('its data files are compressed', { file: compressed.file });
}

/** The text of `manifest.json` without its last newline. */
export async function manifestOf(artifact: Artifact): Promise<string> {
  const text = await readText(artifact, MANIFEST_FILE, artifact.id);
  const laidOut = layOut(text, '  ');
  if (laidOut !== undefined && `${laidOut}\n` === text) return laidOut;
  throw noSingleFileForm('it is not laid out with an indent of two blanks', {
    file: MANIFEST_FILE,
  });
}

/** The text of `schema.sql`. */
export async function schemaOf(artifact: Artifact): Promise<string> {
  return readText(artifact, SCHEMA_FILE, artifact.manifest.schema.sha256);
}

/** The files and checksums of `SHA256SUMS`, in its order. */
export async function checksumsOf(
  artifact: Artifact,
): Promise<readonly (readonly [file: string, sha256: string])[]> {
  const text = await readText(artifact, CHECKSUMS_FILE);
  const lines = [...text.matchAll(/^([0-9a-f]{64}) {2}([!-~]+)\n/gm)];
  if (lines.map(([line]) => line).join('') !== text) throw changedFile(CHECKSUMS_FILE);
  return lines.map(([, sha256 = '', file = '']) => [file, sha256]);
}

/** What `JSON.stringify` escapes, and how. */
const CANONICAL_ESCAPE = /\\(?:["\\bfnrt]|u00(?:0[0-7bef]|1[0-9a-f]))/g;

/** @throws ToolkitError when a reader of the document would write this line otherwise */
export function requireRow(line: string, table: ManifestTable, lineNumber: number): void {
  if (!line.includes('\\') || !line.replaceAll(CANONICAL_ESCAPE, '').includes('\\')) return;
  const place = { table: table.name, file: table.file, line: lineNumber };
  throw noSingleFileForm('a string has an escape that JSON.stringify would not write', place);
}

async function readText(artifact: Artifact, file: string, sha256?: string): Promise<string> {
  const bytes = await readWhole(artifactPath(artifact, file), file);
  if (sha256 !== undefined) {
    requireSame(createHash('sha256').update(bytes).digest('hex'), sha256, file);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw noSingleFileForm('it is not UTF-8', { file });
  }
}

function noSingleFileForm(reason: string, where: Place): ToolkitError {
  return new ToolkitError({
    kind: 'artifact',
    code: 'no-single-file-form',
    message: `the artifact cannot be written as a single file and come back to the byte: ${reason}`,
    where,
    hint: 'keep it as a folder; tar makes one file of it',
  });
}
