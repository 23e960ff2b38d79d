import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { ByteDigest } from '../artifact/byte-digest.ts';
import type { DataFileFacts } from '../artifact/data-file.ts';
import {
  CHECKSUMS_FILE,
  DATA_FOLDER,
  MANIFEST_FILE,
  REPORTS_FOLDER,
  SCHEMA_FILE,
} from '../artifact/paths.ts';
import { dataTables, type ManifestTable } from '../artifact/manifest.ts';
import { readChunks, readWhole } from '../artifact/read-file.ts';
import { artifactPath, rowsFile, type Artifact } from '../artifact/reader.ts';
import { unreadable } from '../artifact/unreadable.ts';
import type { ToolkitError } from '../model/errors.ts';
import type { FindingCollector } from '../model/findings.ts';

const FROM_COPY = 'the artifact was damaged or changed: take it from another copy, or export again';

/** Reports one fault of a file of the artifact. */
function reportFile(findings: FindingCollector, code: string, file: string, message: string): void {
  findings.add({
    code,
    severity: 'blocking',
    kind: 'integrity',
    message,
    where: { file },
    hint: FROM_COPY,
  });
}

/**
 * Checks which files there are: each one of the manifest is a regular file of the right size, and
 * no other file is there. Symbolic links are refused. Of a compressed file the size says nothing that
 * its SHA-256 does not say.
 *
 * @returns the files that can be read
 */
export async function checkFileList(
  artifact: Artifact,
  findings: FindingCollector,
): Promise<Set<string>> {
  const expected = new Map<string, number | null>([
    [MANIFEST_FILE, null],
    [CHECKSUMS_FILE, null],
    [SCHEMA_FILE, artifact.manifest.schema.sizeBytes],
    ...dataTables(artifact.manifest).map((table) => {
      const { file, compression, sizeBytes } = rowsFile(artifact, table);
      return [file, compression === null ? sizeBytes : null] as const;
    }),
  ]);
  const readable = new Set<string>();
  const present = await listFiles(artifact, findings);
  for (const [file, sizeBytes] of expected) {
    const isThere = present.delete(file);
    if (isThere && (await checkOneFile(artifact, file, sizeBytes, findings))) readable.add(file);
    if (!isThere) reportFile(findings, 'file-missing', file, 'a file of the artifact is missing');
  }
  for (const file of present) {
    reportFile(findings, 'file-extra', file, 'a file that the manifest does not know');
  }
  return readable;
}

async function listFiles(artifact: Artifact, findings: FindingCollector): Promise<Set<string>> {
  const files = new Set<string>();
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await entriesOf(artifact, folder)) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path === REPORTS_FOLDER && entry.isDirectory()) continue;
      if (entry.isDirectory()) await walk(path);
      else files.add(path);
      if (path === DATA_FOLDER && entry.isSymbolicLink()) {
        reportFile(findings, 'symbolic-link', path, 'a symbolic link stands in the artifact');
      }
    }
  };
  await walk('');
  return files;
}

async function entriesOf(artifact: Artifact, folder: string): Promise<Dirent[]> {
  try {
    return await readdir(join(artifact.folder, folder), { withFileTypes: true });
  } catch (error) {
    throw unreadable(error, folder === '' ? artifact.path : folder);
  }
}

async function checkOneFile(
  artifact: Artifact,
  file: string,
  sizeBytes: number | null,
  findings: FindingCollector,
): Promise<boolean> {
  const stats = await lstat(artifactPath(artifact, file)).catch((error: unknown) => {
    throw unreadable(error, file);
  });
  if (stats.isSymbolicLink()) {
    reportFile(findings, 'symbolic-link', file, 'a symbolic link stands in the artifact');
    return false;
  }
  if (!stats.isFile()) {
    reportFile(findings, 'not-a-file', file, 'it is not a regular file');
    return false;
  }
  if (sizeBytes !== null && stats.size !== sizeBytes) {
    const message = `the file has ${stats.size} bytes, the manifest says ${sizeBytes}`;
    reportFile(findings, 'file-size', file, message);
  }
  return true;
}

/** SHA256SUMS as a map from file to checksum; faults of its form are reported. */
export async function readChecksums(
  artifact: Artifact,
  readable: ReadonlySet<string>,
  findings: FindingCollector,
): Promise<Map<string, string>> {
  const checksums = new Map<string, string>();
  if (!readable.has(CHECKSUMS_FILE)) return checksums;
  const bytes = await readWhole(artifactPath(artifact, CHECKSUMS_FILE), CHECKSUMS_FILE);
  const lines = bytes.toString('utf8').split('\n');
  if (lines.pop() !== '') {
    reportFile(findings, 'checksums-malformed', CHECKSUMS_FILE, 'the last line has no end');
  }
  for (const line of lines) {
    const [, sha256, file] = /^([0-9a-f]{64}) {2}(\S.*)$/.exec(line) ?? [];
    if (sha256 === undefined || file === undefined || checksums.has(file)) {
      reportFile(
        findings,
        'checksums-malformed',
        CHECKSUMS_FILE,
        'lines are not as sha256sum writes them',
      );
      continue;
    }
    checksums.set(file, sha256);
  }
  const listed = [
    MANIFEST_FILE,
    SCHEMA_FILE,
    ...dataTables(artifact.manifest).map((table) => table.file),
  ];
  const missing = listed.filter((file) => !checksums.has(file));
  const extra = [...checksums.keys()].filter((file) => !listed.includes(file));
  for (const file of [...missing, ...extra]) {
    const message = missing.includes(file) ? 'does not list' : 'lists, and the manifest does not,';
    reportFile(findings, 'checksums-files', CHECKSUMS_FILE, `SHA256SUMS ${message} ${file}`);
  }
  return checksums;
}

/** Compares what a file turned out to be with what SHA256SUMS and, where it says so, the manifest say. */
export function checkDigest(
  file: string,
  actual: string,
  stated: { readonly checksums: string | undefined; readonly manifest?: string },
  findings: FindingCollector,
): void {
  const says = [
    ['the manifest', stated.manifest],
    ['SHA256SUMS', stated.checksums],
  ].flatMap(([who, sha256]) =>
    sha256 === undefined || sha256 === actual ? [] : [`${who ?? ''} says ${sha256}`],
  );
  if (says.length === 0) return;
  reportFile(findings, 'checksum', file, `the file's SHA-256 is ${actual}, ${says.join(', ')}`);
}

/**
 * Compares what a data file turned out to be with what the manifest and SHA256SUMS say. One that was
 * compressed otherwise since, and holds the rows of the manifest, is not damaged.
 */
export function checkDataFile(
  artifact: Artifact,
  table: ManifestTable,
  facts: DataFileFacts,
  checksums: ReadonlyMap<string, string>,
  findings: FindingCollector,
): void {
  const { file } = rowsFile(artifact, table);
  const listed = checksums.get(table.file);
  const actual = (facts.stored ?? facts).sha256;
  const stated = (table.stored ?? table).sha256;
  if (facts.stored === undefined && table.stored === undefined) {
    checkDigest(file, actual, { checksums: listed, manifest: stated }, findings);
    return;
  }
  if (facts.sha256 !== table.sha256) {
    const message = `the SHA-256 of its rows is ${facts.sha256}, the manifest says ${table.sha256}`;
    reportFile(findings, 'checksum', file, message);
    return;
  }
  if (file !== table.file || actual !== stated) reportRecompressed(findings, file, table, actual);
  if (listed !== undefined && listed !== stated) {
    const message = `it says ${listed} of ${table.file}, the manifest says ${stated}`;
    reportFile(findings, 'checksum', CHECKSUMS_FILE, message);
  }
}

const RECOMPRESSED = {
  code: 'file-recompressed',
  severity: 'warning',
  kind: 'integrity',
  message:
    'data files are others than the export wrote: compressed or decompressed since; by SHA-256, their rows are those of the manifest',
  where: {},
  hint: 'nothing, when somebody did that on purpose: every script reads them; only sha256sum -c does not know them',
} as const;

function reportRecompressed(
  findings: FindingCollector,
  file: string,
  table: ManifestTable,
  sha256: string,
): void {
  const written = `${table.file} had ${(table.stored ?? table).sha256}`;
  findings.add(RECOMPRESSED, { detail: `${file} has the SHA-256 ${sha256}, ${written}` });
}

/** Reports a file that cannot be decompressed to its end. */
export function reportDamagedFile(
  { code, message, where, hint = FROM_COPY }: ToolkitError,
  table: ManifestTable,
  findings: FindingCollector,
): void {
  const place = { table: table.name, ...where };
  findings.add({ code, severity: 'blocking', kind: 'integrity', message, where: place, hint });
}

/** The SHA-256 of a file that holds no rows. */
export async function hashFile(
  artifact: Artifact,
  file: string,
  signal: AbortSignal,
): Promise<string> {
  const digest = new ByteDigest();
  const chunks = readChunks(artifactPath(artifact, file), signal, file, { isReused: true });
  for await (const chunk of chunks) digest.add(chunk);
  return digest.finish().sha256;
}
