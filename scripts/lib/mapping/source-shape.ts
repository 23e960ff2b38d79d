import type { ManifestTable } from '../artifact/manifest.ts';
import type { SourceEncoding } from '../model/source-catalog.ts';

/** What a plan needs to know of a source table, be it in an artifact or still in SQLite. */
export type PlannedTable = Pick<
  ManifestTable,
  'name' | 'columns' | 'primaryKey' | 'uniqueKeys' | 'foreignKeys' | 'rowidAlias'
> & { readonly file?: string };

/** A source to be planned for. */
export interface PlannedSource<Table extends PlannedTable = PlannedTable> {
  /** DateTime integers are milliseconds since 1970 when Prisma wrote them. */
  readonly madeByPrisma: boolean;
  /** What malformed text is in. */
  readonly encoding: SourceEncoding;
  readonly tables: readonly Table[];
}
