import { dateTime, dayNumber, words } from './made-up.ts';
import { columns, scaled, type BenchCase } from './shape.ts';

const BLOB_BYTES = 1_000_000;
const VARIED_BYTES = 4096;

/** Rows with a BLOB of 1 MB each: 300 at scale 1. */
export const wideRowsCase: BenchCase = {
  name: 'wide-rows',
  summary: 'one table whose rows hold a BLOB of 1 MB each; 300 rows at scale 1',
  tables: (scale) => [
    {
      name: 'documents',
      columns: columns({ id: 'integer', title: 'text', stored_at: 'datetime', content: 'blob' }),
      primaryKey: ['id'],
      uniqueKeys: [],
      references: [],
      rowCount: scaled(300, scale),
      row: (index, random) => {
        // Every byte value occurs, and no two contents are the same.
        const content = Buffer.alloc(BLOB_BYTES, random.bytes(VARIED_BYTES));
        content.writeUInt32BE(index);
        return [index + 1, words(random, 2, 6), dateTime(random, dayNumber(random)), content];
      },
    },
  ],
};
