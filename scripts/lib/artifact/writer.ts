import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { ToolkitError } from '../model/errors.ts';
import type { Row } from '../model/values.ts';
import { HashingFile, syncFolder, type WrittenFile } from './durable-files.ts';
import { lineEncoder } from './line.ts';
import { manifestSchema, type Manifest } from './manifest.ts';
import { CHECKSUMS_FILE, DATA_FOLDER, MANIFEST_FILE, SCHEMA_FILE } from './paths.ts';

/** What a data file holds. */
export interface WrittenTable extends WrittenFile {
  readonly rowCount: number;
}

export interface FinishedArtifact {
  readonly path: string;
  /** SHA-256 of the manifest: the artifact's id, since the manifest binds every other file. */
  readonly id: string;
}

/**
 * Writes an artifact into a hidden folder beside its final place; the final name appears only when
 * every file is complete and on disk. What is interrupted leaves at most that hidden folder.
 */
export class ArtifactWriter {
  readonly #finalPath: string;
  readonly #partialPath: string;
  readonly #checksums = new Map<string, string>();

  private constructor(finalPath: string, partialPath: string) {
    this.#finalPath = finalPath;
    this.#partialPath = partialPath;
  }

  /** @throws ToolkitError when something exists at `path` already, or its folder cannot be written. */
  static async create(path: string): Promise<ArtifactWriter> {
    const finalPath = resolve(path);
    await refuseExisting(finalPath, path);
    const suffix = `${process.pid}-${randomBytes(3).toString('hex')}`;
    const partialPath = join(dirname(finalPath), `.${basename(finalPath)}.partial-${suffix}`);
    try {
      await mkdir(join(partialPath, DATA_FOLDER), { recursive: true });
    } catch (error) {
      throw unwritable(error, path);
    }
    return new ArtifactWriter(finalPath, partialPath);
  }

  /**
   * Writes one table's data file. When `rows` throws, the file is removed again, so that the caller
   * can begin anew with another reading of the table.
   *
   * @param onRows called with the rows written since the last call, now and then
   */
  async writeTable(
    file: string,
    columnNames: readonly string[],
    rows: Iterable<Row>,
    onRows: (count: number) => void,
    signal: AbortSignal,
  ): Promise<WrittenTable> {
    const encode = lineEncoder(columnNames);
    const path = join(this.#partialPath, file);
    const output = await this.#create(file);
    let rowCount = 0;
    let reported = 0;
    try {
      for (const row of rows) {
        rowCount += 1;
        if (!output.append(`${encode(row)}\n`)) continue;
        await output.flush();
        signal.throwIfAborted();
        onRows(rowCount - reported);
        reported = rowCount;
      }
      onRows(rowCount - reported);
      const written = { ...(await output.close()), rowCount };
      this.#checksums.set(file, written.sha256);
      return written;
    } catch (error) {
      onRows(-reported);
      await output.abandon();
      await rm(path, { force: true });
      throw unwritable(error, file);
    }
  }

  /** Writes the source's DDL. */
  async writeSchema(sql: string): Promise<WrittenFile> {
    return this.#writeText(SCHEMA_FILE, sql);
  }

  /** Writes manifest and checksums, syncs everything, and gives the artifact its name. */
  async finish(manifest: Manifest): Promise<FinishedArtifact> {
    const text = `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`;
    await this.#writeText(MANIFEST_FILE, text);
    const lines = [...this.#checksums]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([file, sha256]) => `${sha256}  ${file}\n`);
    await this.#writeText(CHECKSUMS_FILE, lines.join(''));
    await refuseExisting(this.#finalPath, this.#finalPath);
    try {
      await syncFolder(join(this.#partialPath, DATA_FOLDER));
      await syncFolder(this.#partialPath);
      await rename(this.#partialPath, this.#finalPath);
      await syncFolder(dirname(this.#finalPath));
    } catch (error) {
      throw unwritable(error, this.#finalPath);
    }
    return { path: this.#finalPath, id: createHash('sha256').update(text).digest('hex') };
  }

  /** Removes everything that was written. */
  async abandon(): Promise<void> {
    await rm(this.#partialPath, { recursive: true, force: true });
  }

  async #writeText(file: string, text: string): Promise<WrittenFile> {
    const output = await this.#create(file);
    try {
      output.append(text);
      const written = await output.close();
      this.#checksums.set(file, written.sha256);
      return written;
    } catch (error) {
      await output.abandon();
      throw unwritable(error, file);
    }
  }

  async #create(file: string): Promise<HashingFile> {
    try {
      return await HashingFile.create(join(this.#partialPath, file));
    } catch (error) {
      throw unwritable(error, file);
    }
  }
}

async function refuseExisting(path: string, asGiven: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return;
  throw new ToolkitError({
    kind: 'artifact',
    code: 'artifact-exists',
    message: 'there is something at that path already, and an artifact is never written over',
    where: { file: asGiven },
    hint: 'choose another --out, or move the old one away',
  });
}

/** Names the file in an error of the file system's; passes others through. */
function unwritable(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  const full = 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
  return new ToolkitError({
    kind: 'artifact',
    code: full ? 'disk-full' : 'artifact-unwritable',
    message: `the artifact cannot be written: ${error.message}`,
    where: { file },
    hint: full
      ? 'free some space or choose another disk with --out, then run export again: nothing half-written is left'
      : 'check the permissions of the folder, or choose another one with --out',
    cause: error,
  });
}
