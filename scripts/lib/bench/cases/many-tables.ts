import { amount, date, dayNumber, words } from './made-up.ts';
import { columns, scaled, type BenchCase, type CaseTable } from './shape.ts';

const ROWS_OF_A_TABLE = 20;
/** So many tables refer to each table that is referred to. */
const CHILDREN_OF_A_TABLE = 10;

/** Many small tables: 2,000 at scale 1, of 20 rows each. */
export const manyTablesCase: BenchCase = {
  name: 'many-tables',
  summary: 'small tables of 20 rows each, most with a foreign key; 2,000 tables at scale 1',
  tables: (scale) => Array.from({ length: scaled(2000, scale) }, (_, position) => table(position)),
};

function table(position: number): CaseTable {
  const parent = Math.floor(position / CHILDREN_OF_A_TABLE);
  const hasParent = position > 0;
  return {
    name: nameOf(position),
    columns: columns({
      id: 'integer',
      parent_id: hasParent ? 'integer' : 'integer?',
      name: 'text',
      total: 'decimal',
      day: 'date?',
    }),
    primaryKey: ['id'],
    uniqueKeys: [],
    references: hasParent ? [{ columns: ['parent_id'], parent: nameOf(parent) }] : [],
    rowCount: ROWS_OF_A_TABLE,
    row: (index, random) => [
      index + 1,
      hasParent ? random.integer(1, ROWS_OF_A_TABLE) : null,
      words(random, 2, 6),
      amount(random, 1000),
      random.chance(0.2) ? null : date(dayNumber(random)),
    ],
  };
}

function nameOf(position: number): string {
  return `table_${String(position + 1).padStart(4, '0')}`;
}
