import { amount, code, date, dateTime, dayNumber, phone, words } from './made-up.ts';
import { columns, scaled, type BenchCase, type CaseTable } from './shape.ts';

const REGIONS = ['Africa', 'America', 'Asia', 'Europe', 'Oceania'] as const;
const COUNTRIES = 25;
const SUPPLIERS_OF_A_PART = 4;
const LINES_OF_AN_ORDER = 4;
const PRIORITIES = ['1-urgent', '2-high', '3-medium', '4-low', '5-none'] as const;
const SEGMENTS = ['building', 'furniture', 'household', 'machinery', 'vehicles'] as const;
const SHIP_MODES = ['air', 'mail', 'rail', 'road', 'ship', 'courier', 'collect'] as const;
const INSTRUCTIONS = ['deliver in person', 'collect payment', 'none', 'take back return'] as const;
const CONTAINERS = ['small box', 'large case', 'wrapped pack', 'jumbo drum', 'bag'] as const;

/** How many rows the tables that grow have. */
interface Sizes {
  readonly suppliers: number;
  readonly customers: number;
  readonly parts: number;
  readonly orders: number;
}

/** Orders, their lines, customers, parts and suppliers: eight tables, 1.73 million rows at scale 1. */
export const ordersCase: BenchCase = {
  name: 'orders',
  summary: 'eight tables with composite and foreign keys; 1.73 million rows at scale 1',
  tables: (scale) => {
    const sizes: Sizes = {
      suppliers: scaled(2000, scale),
      customers: scaled(30_000, scale),
      parts: scaled(40_000, scale),
      orders: scaled(300_000, scale),
    };
    return [
      regions(),
      countries(),
      suppliers(sizes),
      customers(sizes),
      parts(sizes),
      partSuppliers(sizes),
      orders(sizes),
      orderLines(sizes),
    ];
  },
};

function regions(): CaseTable {
  return {
    name: 'regions',
    columns: columns({ id: 'integer', name: 'text', comment: 'text?' }),
    primaryKey: ['id'],
    uniqueKeys: [['name']],
    references: [],
    rowCount: REGIONS.length,
    row: (index, random) => [index + 1, REGIONS[index] ?? '', words(random, 5, 15)],
  };
}

function countries(): CaseTable {
  return {
    name: 'countries',
    columns: columns({ id: 'integer', region_id: 'integer', name: 'text', comment: 'text?' }),
    primaryKey: ['id'],
    uniqueKeys: [],
    references: [{ columns: ['region_id'], parent: 'regions' }],
    rowCount: COUNTRIES,
    row: (index, random) => [
      index + 1,
      (index % REGIONS.length) + 1,
      `Country ${index + 1}`,
      words(random, 5, 15),
    ],
  };
}

function suppliers({ suppliers }: Sizes): CaseTable {
  return {
    name: 'suppliers',
    columns: columns({
      id: 'integer',
      name: 'text',
      address: 'text',
      country_id: 'integer',
      phone: 'text',
      balance: 'decimal',
      comment: 'text?',
    }),
    primaryKey: ['id'],
    uniqueKeys: [],
    references: [{ columns: ['country_id'], parent: 'countries' }],
    rowCount: suppliers,
    row: (index, random) => [
      index + 1,
      code('Supplier', index + 1),
      words(random, 2, 5),
      random.integer(1, COUNTRIES),
      phone(random),
      amount(random, 10_000),
      random.chance(0.1) ? null : words(random, 4, 14),
    ],
  };
}

function customers({ customers }: Sizes): CaseTable {
  return {
    name: 'customers',
    columns: columns({
      id: 'integer',
      account: 'text',
      name: 'text',
      address: 'text',
      country_id: 'integer',
      phone: 'text',
      balance: 'decimal',
      segment: 'text',
      comment: 'text?',
    }),
    primaryKey: ['id'],
    uniqueKeys: [['account']],
    references: [{ columns: ['country_id'], parent: 'countries' }],
    rowCount: customers,
    row: (index, random) => [
      index + 1,
      code('C', index + 1),
      code('Customer', index + 1),
      words(random, 2, 5),
      random.integer(1, COUNTRIES),
      phone(random),
      amount(random, 10_000),
      random.pick(SEGMENTS),
      random.chance(0.1) ? null : words(random, 5, 17),
    ],
  };
}

function parts({ parts }: Sizes): CaseTable {
  return {
    name: 'parts',
    columns: columns({
      id: 'integer',
      name: 'text',
      maker: 'text',
      brand: 'text',
      type: 'text',
      size: 'integer',
      container: 'text',
      price: 'decimal',
      comment: 'text?',
    }),
    primaryKey: ['id'],
    uniqueKeys: [],
    references: [],
    rowCount: parts,
    row: (index, random) => [
      index + 1,
      words(random, 4, 5),
      `Maker ${random.integer(1, 5)}`,
      `Brand ${random.integer(11, 55)}`,
      words(random, 3, 3),
      random.integer(1, 50),
      random.pick(CONTAINERS),
      amount(random, 2000),
      random.chance(0.1) ? null : words(random, 1, 3),
    ],
  };
}

/** The supplier of a part that stands in a row of part_suppliers. */
function supplierOf(index: number, { suppliers }: Sizes): number {
  const part = Math.floor(index / SUPPLIERS_OF_A_PART);
  const step = Math.max(1, Math.floor(suppliers / SUPPLIERS_OF_A_PART));
  return ((part + (index % SUPPLIERS_OF_A_PART) * step) % suppliers) + 1;
}

function partSuppliers(sizes: Sizes): CaseTable {
  return {
    name: 'part_suppliers',
    columns: columns({
      part_id: 'integer',
      supplier_id: 'integer',
      available: 'integer',
      cost: 'decimal',
      comment: 'text?',
    }),
    primaryKey: ['part_id', 'supplier_id'],
    uniqueKeys: [],
    references: [
      { columns: ['part_id'], parent: 'parts' },
      { columns: ['supplier_id'], parent: 'suppliers' },
    ],
    rowCount: sizes.parts * SUPPLIERS_OF_A_PART,
    row: (index, random) => [
      Math.floor(index / SUPPLIERS_OF_A_PART) + 1,
      supplierOf(index, sizes),
      random.integer(1, 9999),
      amount(random, 1000),
      words(random, 8, 24),
    ],
  };
}

function orders({ customers, orders }: Sizes): CaseTable {
  return {
    name: 'orders',
    columns: columns({
      id: 'integer',
      customer_id: 'integer',
      status: 'text',
      total: 'decimal',
      ordered_at: 'datetime',
      priority: 'text',
      clerk: 'text',
      is_paid: 'boolean',
      comment: 'text?',
    }),
    primaryKey: ['id'],
    uniqueKeys: [],
    references: [{ columns: ['customer_id'], parent: 'customers' }],
    rowCount: orders,
    row: (index, random) => [
      index + 1,
      random.integer(1, customers),
      random.pick(['open', 'filled', 'partial']),
      amount(random, 400_000),
      dateTime(random, dayNumber(random)),
      random.pick(PRIORITIES),
      code('Clerk', random.integer(1, 1000)),
      random.integer(0, 1),
      random.chance(0.2) ? null : words(random, 3, 11),
    ],
  };
}

function orderLines(sizes: Sizes): CaseTable {
  return {
    name: 'order_lines',
    columns: columns({
      order_id: 'integer',
      line_number: 'integer',
      part_id: 'integer',
      supplier_id: 'integer',
      quantity: 'integer',
      price: 'decimal',
      discount: 'decimal',
      tax: 'decimal',
      return_flag: 'text',
      status: 'text',
      shipped_on: 'date?',
      promised_on: 'date',
      received_on: 'date?',
      instructions: 'text',
      ship_mode: 'text',
      comment: 'text?',
    }),
    primaryKey: ['order_id', 'line_number'],
    uniqueKeys: [],
    references: [
      { columns: ['order_id'], parent: 'orders' },
      { columns: ['part_id', 'supplier_id'], parent: 'part_suppliers' },
    ],
    rowCount: sizes.orders * LINES_OF_AN_ORDER,
    row: (index, random) => {
      const offer = random.integer(0, sizes.parts * SUPPLIERS_OF_A_PART - 1);
      const promised = dayNumber(random);
      const isShipped = random.chance(0.9);
      return [
        Math.floor(index / LINES_OF_AN_ORDER) + 1,
        (index % LINES_OF_AN_ORDER) + 1,
        Math.floor(offer / SUPPLIERS_OF_A_PART) + 1,
        supplierOf(offer, sizes),
        random.integer(1, 50),
        amount(random, 100_000),
        random.integer(0, 10) / 100,
        random.integer(0, 8) / 100,
        random.pick(['A', 'N', 'R']),
        isShipped ? 'F' : 'O',
        isShipped ? date(promised + random.integer(0, 60)) : null,
        date(promised),
        isShipped ? date(promised + random.integer(61, 99)) : null,
        random.pick(INSTRUCTIONS),
        random.pick(SHIP_MODES),
        random.chance(0.1) ? null : words(random, 2, 6),
      ];
    },
  };
}
