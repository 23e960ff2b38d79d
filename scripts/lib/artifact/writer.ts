import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { releaseMemory } from '../model/release-memory.ts';
import type { FileDigest } from './byte-digest.ts';
import { CompressedFile, type WrittenCompressed } from './compressed-file.ts';
import { compressionOf } from './compression.ts';
import { Destination } from './destination.ts';
import { HashingFile, syncFolder } from './durable-files.ts';
import { manifestSchema, type Manifest } from './manifest.ts';
import { CHECKSUMS_FILE, DATA_FOLDER, MANIFEST_FILE, SCHEMA_FILE } from './paths.ts';
import { unwritable } from './unwritable.ts';

/** What a data file holds; `stored` is there when it is compressed. */
export interface WrittenTable extends FileDigest, Partial<Pick<WrittenCompressed, 'stored'>> {
  readonly rowCount: number;
}

/** Some lines of a data file, each ended by a newline. The bytes must not change afterwards. */
interface WrittenLines {
  readonly bytes: Buffer;
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
  readonly #destination: Destination;
  readonly #checksums = new Map<string, string>();

  private constructor(destination: Destination) {
    this.#destination = destination;
  }

  /** @throws ToolkitError when something exists at `path` already, or its folder cannot be written. */
  static async create(path: string): Promise<ArtifactWriter> {
    const destination = await Destination.choose(path);
    try {
      await destination.createFolder();
      await mkdir(join(destination.partialPath, DATA_FOLDER));
    } catch (error) {
      throw await destination.discardAfter(unwritable(error, path));
    }
    return new ArtifactWriter(destination);
  }

  /**
   * Writes one table's data file, compressed as its name says. When `lines` throws, the file is removed
   * again, so that the caller can begin anew with another reading of the table.
   *
   * @param lines each part some whole lines, whose bytes may be gone when the next part is asked for
   * @param onRows called with the rows and bytes of each part that was written
   */
  async writeTable(
    file: string,
    lines: AsyncIterable<WrittenLines>,
    onRows: (count: number, bytes: number) => void,
  ): Promise<WrittenTable> {
    const path = join(this.#destination.partialPath, file);
    const output = await this.#createDataFile(file);
    let rowCount = 0;
    let sizeBytes = 0;
    try {
      for await (const part of lines) {
        await output.write(part.bytes);
        rowCount += part.rowCount;
        sizeBytes += part.bytes.length;
        onRows(part.rowCount, part.bytes.length);
        // What is in such a file has been written: nobody looks at it any more.
        if (output instanceof HashingFile) releaseMemory(part.bytes);
      }
      const written: WrittenTable = { ...(await output.close()), rowCount };
      this.#checksums.set(file, (written.stored ?? written).sha256);
      return written;
    } catch (error) {
      onRows(-rowCount, -sizeBytes);
      await output.abandon();
      await rm(path, { force: true }).catch(() => undefined);
      throw this.#unwritable(error, file);
    }
  }

  /** Writes the source's DDL. */
  async writeSchema(sql: string): Promise<FileDigest> {
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
    const { path, partialPath } = this.#destination;
    try {
      await syncFolder(join(partialPath, DATA_FOLDER));
      await syncFolder(partialPath);
    } catch (error) {
      throw unwritable(error, path);
    }
    await this.#destination.publish();
    return { path, id: createHash('sha256').update(text).digest('hex') };
  }

  /** Removes everything that was written, as far as that can be. */
  async abandon(): Promise<void> {
    await this.#destination.discard();
  }

  /**
   * Removes everything that was written before something failed.
   *
   * @returns the error, which names what could not be removed
   */
  async abandonAfter(error: unknown): Promise<unknown> {
    return this.#destination.discardAfter(error);
  }

  async #writeText(file: string, text: string): Promise<FileDigest> {
    const output = await this.#create(file, (path) => HashingFile.create(path));
    try {
      output.append(text);
      const written = await output.close();
      this.#checksums.set(file, written.sha256);
      return written;
    } catch (error) {
      await output.abandon();
      throw this.#unwritable(error, file);
    }
  }

  async #createDataFile(file: string): Promise<HashingFile | CompressedFile> {
    const compression = compressionOf(file);
    return this.#create(file, async (path) =>
      compression === null ? HashingFile.create(path) : CompressedFile.create(path, compression),
    );
  }

  async #create<Output>(file: string, create: (path: string) => Promise<Output>): Promise<Output> {
    try {
      return await create(join(this.#destination.partialPath, file));
    } catch (error) {
      throw this.#unwritable(error, file);
    }
  }

  #unwritable(error: unknown, file: string): unknown {
    return unwritable(error, this.#destination.path, file);
  }
}
