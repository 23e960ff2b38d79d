import { manyColumnsCase } from './many-columns.ts';
import { manyTablesCase } from './many-tables.ts';
import { ordersCase } from './orders.ts';
import type { BenchCase } from './shape.ts';
import { wideRowsCase } from './wide-rows.ts';

/** Every case, the one that is measured by default first. */
export const BENCH_CASES: readonly BenchCase[] = [
  ordersCase,
  wideRowsCase,
  manyTablesCase,
  manyColumnsCase,
];
