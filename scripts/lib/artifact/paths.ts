import { COMPRESSED_ENDINGS, type Compression } from './compression.ts';

/** Every path inside an artifact is made here. Paths use `/` and are relative to the artifact. */
export const MANIFEST_FILE = 'manifest.json';
export const CHECKSUMS_FILE = 'SHA256SUMS';
export const SCHEMA_FILE = 'schema.sql';
export const DATA_FOLDER = 'data';
/** Reports about the artifact are kept here; no checksum covers them. */
export const REPORTS_FOLDER = 'reports';

const MAX_SLUG_LENGTH = 80;

/**
 * The data file of a table, e.g. `data/001-users.ndjson`. The number alone makes it unique; the
 * name is there for people, reduced to characters that every file system bears.
 *
 * @param position the table's place in load order, from 1; 0 for the migration history
 * @param compression of the file, when it is compressed: `data/001-users.ndjson.gz`
 */
export function dataFile(
  position: number,
  tableCount: number,
  table: string,
  compression?: Compression,
): string {
  const width = Math.max(3, String(tableCount).length);
  const slug = table.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').slice(0, MAX_SLUG_LENGTH);
  const ending = compression === undefined ? '' : COMPRESSED_ENDINGS[compression];
  return `${DATA_FOLDER}/${String(position).padStart(width, '0')}-${slug}.ndjson${ending}`;
}

/** The pattern of a data file's path: one folder, no name that could lead anywhere else. */
export const DATA_FILE_PATTERN = /^data\/[0-9]{3,}-[A-Za-z0-9_.-]*\.ndjson(?:\.gz|\.zst)?$/;

/** The folder name of a new artifact, e.g. `vanguard-20260131T235959Z`. */
export function artifactFolderName(sourceFileName: string, createdAt: Date): string {
  const base = sourceFileName.replace(/\.(db|sqlite3?|db3)$/i, '');
  const slug = base.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replace(/^\.+/, '') || 'source';
  return `${slug.slice(0, MAX_SLUG_LENGTH)}-${compactTime(createdAt)}`;
}

/** UTC to the second, for names that sort by time: `20260131T235959Z`. */
export function compactTime(time: Date): string {
  return time.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}
