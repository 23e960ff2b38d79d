import type { ManifestTable } from '../../artifact/manifest.ts';
import type { CommandContext } from '../../model/progress.ts';
import type { NotCarried, SourceEncoding } from '../../model/source-catalog.ts';
import type { Statement } from '../../restore/statements.ts';
import type { TextReading } from '../../source/rows.ts';

/** What a table came to when it was read to its end. */
export interface TableDigest {
  readonly rowCount: number;
  /** SHA-256 of the table's data file, or of the one that an export would write. */
  readonly sha256: string;
}

/** The lines of a table without their newlines, in artifact order, some at a time. */
export type LineStream = AsyncGenerator<readonly Buffer[], TableDigest>;

/** A table of a side. */
export interface SideTable extends Omit<ManifestTable, 'order' | 'file' | 'sizeBytes' | 'sha256'> {
  /** Its data file; a database has none. */
  readonly file?: string;
  /** What is known of its rows before they are read; null for a database. */
  readonly sha256: string | null;
}

/** One of two states of a database that are compared: an archive, or the database itself. */
export interface Side {
  readonly encoding: SourceEncoding;
  readonly userVersion: number;
  readonly applicationId: number;
  /** Prisma's migration history is among them. */
  readonly tables: readonly SideTable[];
  readonly notCarried: readonly NotCarried[];
  readonly statements: readonly Omit<Statement, 'table'>[];
  /**
   * Reads a table in memory that does not grow with it.
   *
   * @throws NotReadExactly when it has to be read anew by `bytes`
   */
  readonly readLines: (
    table: SideTable,
    reading: TextReading,
    context: CommandContext,
  ) => LineStream;
}
