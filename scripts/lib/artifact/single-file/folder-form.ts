import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ARTIFACT_FORMAT, dataTables } from '../manifest.ts';
import {
  NAME_AN_ARTIFACT,
  malformedManifest,
  notAnArtifact,
  parseManifest,
  unknownVersion,
} from '../parse-manifest.ts';
import { DATA_FOLDER, MANIFEST_FILE } from '../paths.ts';
import {
  OTHER_JSON,
  SINGLE_FILE_FORMAT,
  SINGLE_FILE_VERSION,
  type DataFile,
  type DocumentTarget,
} from './document.ts';
import { temporarySpace } from './temporary-folder.ts';

const FLUSH_AT_CHARACTERS = 256 * 1024;

/**
 * Writes the files of the folder form while a document is read. It writes synchronously, so that a
 * reader of tokens need not wait at each of them; nothing is synced, because it is only to be read.
 *
 * @throws ToolkitError, from each method, when the folder cannot be written
 */
export class FolderForm implements DocumentTarget {
  table: string | undefined;
  /** Rows read so far. */
  rowCount = 0;
  /** Whether the document has said that it is a single file of this toolkit. */
  isKnown = false;
  /** Rows that are to come, as the manifest says; null before it was read. */
  totalRows: number | null = null;
  readonly #folder: string;
  readonly #path: string;
  #file: number | undefined;
  #pending = '';

  /**
   * @param folder an empty folder to write to
   * @param path the document, as the user gave it
   */
  constructor(folder: string, path: string) {
    this.#folder = folder;
    this.#path = path;
    this.#onDisk(() => mkdirSync(join(folder, DATA_FOLDER)));
  }

  checkFormat(format: string, version: string): void {
    if (format === ARTIFACT_FORMAT) {
      const reason = 'it is the manifest of a folder';
      throw notAnArtifact(reason, this.#path, 'name the folder in which it lies');
    }
    if (format !== SINGLE_FILE_FORMAT) {
      throw notAnArtifact(OTHER_JSON, this.#path, NAME_AN_ARTIFACT);
    }
    if (version !== String(SINGLE_FILE_VERSION)) {
      throw unknownVersion(version, SINGLE_FILE_VERSION, this.#path);
    }
    this.isKnown = true;
  }

  takeManifest(text: string): readonly DataFile[] {
    this.begin(MANIFEST_FILE);
    this.write(text);
    const manifest = parseManifest(Buffer.from(text), this.#path, this.#path);
    const tables = dataTables(manifest);
    if (tables.some(({ stored }) => stored !== undefined)) {
      throw malformedManifest('a single file holds no compressed data files', this.#path);
    }
    this.totalRows = tables.reduce((sum, table) => sum + table.rowCount, 0);
    return tables;
  }

  begin(file: string): void {
    this.finish();
    this.#file = this.#onDisk(() => openSync(join(this.#folder, file), 'wx'));
  }

  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= FLUSH_AT_CHARACTERS) this.#flush();
  }

  endRow(): void {
    this.write('\n');
    this.rowCount += 1;
  }

  /** Writes what is pending and closes the last file. */
  finish(): void {
    if (this.#file === undefined) return;
    this.#flush();
    this.abandon();
  }

  /** Closes the file that is being written, if there is one, as it is. */
  abandon(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) this.#onDisk(() => closeSync(file));
  }

  #flush(): void {
    const file = this.#file;
    if (file === undefined) throw new Error('no file was begun');
    const bytes = Buffer.from(this.#pending, 'utf8');
    this.#pending = '';
    this.#onDisk(() => {
      for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    });
  }

  #onDisk<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw temporarySpace(error, dirname(this.#folder));
    }
  }
}
