import type { Random } from '../../model/random.ts';
import { amount, date, dateTime, dayNumber, words } from './made-up.ts';
import {
  columns,
  scaled,
  type BenchCase,
  type CaseColumn,
  type CaseValue,
  type ColumnKind,
} from './shape.ts';

const COLUMNS = 200;

type MadeKind = Exclude<ColumnKind, 'blob'>;

const VALUES: Readonly<Record<MadeKind, (random: Random) => CaseValue>> = {
  integer: (random) => random.integer(-2_000_000_000, 2_000_000_000),
  bigint: (random) => random.integer(0, Number.MAX_SAFE_INTEGER),
  decimal: (random) => amount(random, 1_000_000),
  double: (random) => random.integer(0, 1_000_000) / 1024,
  text: (random) => words(random, 1, 3),
  boolean: (random) => random.integer(0, 1),
  date: (random) => date(dayNumber(random)),
  datetime: (random) => dateTime(random, dayNumber(random)),
};
const KINDS = Object.keys(VALUES) as MadeKind[];

/** The first column is the key; the others take the kinds in turn, every fourth with NULLs. */
const MADE = Array.from({ length: COLUMNS - 1 }, (_, position) => ({
  kind: KINDS[position % KINDS.length] ?? 'text',
  isNullable: position % 4 === 3,
}));

/** One table of 200 columns: 20,000 rows at scale 1. */
export const manyColumnsCase: BenchCase = {
  name: 'many-columns',
  summary: 'one table of 200 columns of eight types; 20,000 rows at scale 1',
  tables: (scale) => [
    {
      name: 'measurements',
      columns: [...columns({ id: 'integer' }), ...madeColumns()],
      primaryKey: ['id'],
      uniqueKeys: [],
      references: [],
      rowCount: scaled(20_000, scale),
      row: (index, random) => [
        index + 1,
        ...MADE.map(({ kind, isNullable }) =>
          isNullable && random.chance(0.5) ? null : VALUES[kind](random),
        ),
      ],
    },
  ],
};

function madeColumns(): CaseColumn[] {
  return MADE.map(({ kind, isNullable }, position) => ({
    name: `${kind}_${String(position + 1).padStart(3, '0')}`,
    kind,
    isNullable,
  }));
}
