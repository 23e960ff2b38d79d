import { describe, expect, it } from 'vitest';
import {
  databaseName,
  type DatabaseName,
} from '../../../scripts/lib/draft/names/database-names.ts';
import {
  enumName,
  fieldName,
  labelName,
  listFieldName,
  modelName,
  nameTaker,
} from '../../../scripts/lib/draft/names/identifiers.ts';
import { plural, singular, wordsOf } from '../../../scripts/lib/draft/names/words.ts';
import { saysTrueOrFalse } from '../../../scripts/lib/draft/names/telling-names.ts';

describe('the words of a name', () => {
  it.each([
    ['order_lines', ['order', 'lines']],
    ['OrderLines', ['order', 'lines']],
    ['Order Details', ['order', 'details']],
    ['CustomerID', ['customer', 'id']],
    ['HTTPServer', ['http', 'server']],
    ['__private', ['private']],
    ['Straße', ['strasse']],
    ['Ångström-Øre', ['angstrom', 'ore']],
    ['顧客', []],
  ])('of %s are found', (name, words) => {
    expect(wordsOf(name)).toEqual(words);
  });
});

it.each([
  ['categories', 'category'],
  ['boxes', 'box'],
  ['addresses', 'address'],
  ['houses', 'house'],
  ['people', 'person'],
  ['children', 'child'],
  ['users', 'user'],
  ['classes', 'class'],
])('knows that several %s are each one %s', (many, one) => {
  expect(singular(many)).toBe(one);
  expect(plural(one)).toBe(many);
});

it.each(['status', 'news', 'address', 'series', 'data', 'analysis', 'bus', 'category', 'os'])(
  'leaves the singular %s as it is',
  (word) => {
    expect(singular(word)).toBe(word);
  },
);

describe('a model', () => {
  it.each([
    ['order_lines', 'OrderLine'],
    ['Order Details', 'OrderDetail'],
    ['users', 'User'],
    ['USERS', 'User'],
    ['2fa_codes', 'Table2faCode'],
    ['顧客', 'Table'],
    ['dates', 'DateRecord'],
    ['String', 'StringRecord'],
    ['prisma_client', 'PrismaClientRecord'],
  ])('of the table %s is called %s', (table, model) => {
    expect(modelName(table)).toBe(model);
  });

  it('as a list has a plural name', () => {
    expect(listFieldName('OrderLine')).toBe('orderLines');
    expect(listFieldName('Category')).toBe('categories');
  });
});

it.each([
  ['user_id', 'userId'],
  ['CustomerID', 'customerId'],
  ['_count', 'count'],
  ['select', 'select'],
  ['1st', 'column1st'],
  ['', 'column'],
])('calls the field of the column "%s" %s', (column, field) => {
  expect(fieldName(column)).toBe(field);
});

it.each([
  [['order', 'status'], 'OrderStatus'],
  [['String'], 'StringEnum'],
  [['2', 'fa'], 'Enum2Fa'],
  [[], 'Enum'],
])('calls the enum of %j %s', (words, name) => {
  expect(enumName(words)).toBe(name);
});

it('calls a label as its value, where Prisma can say that', () => {
  expect(['ADMIN', 'in_progress', 'in progress', '18+', '+'].map(labelName)).toEqual([
    'ADMIN',
    'in_progress',
    'IN_PROGRESS',
    'VALUE18',
    'VALUE',
  ]);
});

it('gives a name out once, whatever its case', () => {
  const take = nameTaker();
  expect(['userId', 'userID', 'userId', 'userId2'].map(take)).toEqual([
    'userId',
    'userID2',
    'userId3',
    'userId22',
  ]);
});

function named(
  name: string,
  kind: 'table' | 'column' = 'column',
  used = new Set<string>(),
): DatabaseName {
  return databaseName(name, kind, false, used);
}

describe('a name in PostgreSQL', () => {
  it('is that of the source', () => {
    for (const name of ['Order Details', "it's", 'a\\b', 'ümläut', 'select', 'ctid ']) {
      expect(named(name)).toEqual({ name, reason: null });
    }
  });

  it.each([
    ['say "x"', 'say _x_'],
    ['a\nb', 'a_b'],
    ['', 'column'],
    ['xmin', 'xmin_'],
  ])('is another for %j', (name, other) => {
    const found = named(name);
    expect(found.name).toBe(other);
    expect(found.reason).not.toBeNull();
  });

  it('lets a table be called as a system column is', () => {
    expect(named('xmin', 'table').name).toBe('xmin');
  });

  it('has at most 63 bytes, and whole characters, and stays apart from others', () => {
    const long = 'ü'.repeat(40);
    const used = new Set<string>();
    const one = named(long, 'table', used).name;
    const other = named(`${long}!`, 'table', used).name;
    expect(Buffer.byteLength(one)).toBeLessThanOrEqual(63);
    expect(one.isWellFormed() && one.startsWith('üüü')).toBe(true);
    expect(other).not.toBe(one);
    expect(named(long, 'table', used).name).not.toBe(one);
    expect(Buffer.byteLength(named(long, 'table', used).name)).toBeLessThanOrEqual(63);
  });

  it('is in snake_case when that is asked for', () => {
    expect(databaseName('OrderLines', 'table', true, new Set()).name).toBe('order_lines');
    expect(databaseName('顧客', 'table', true, new Set()).name).toBe('顧客');
  });
});

it.each(['is_admin', 'isAdmin', 'has_paid', 'enabled', 'wasRead', 'mail_verified', 'canEdit'])(
  'takes %s for a name of true and false',
  (name) => {
    expect(saysTrueOrFalse(name)).toBe(true);
  },
);

it.each(['island', 'hash', 'candy', 'count', 'level', 'issue_id', 'wasp', 'settled_by'])(
  'does not take %s for one',
  (name) => {
    expect(saysTrueOrFalse(name)).toBe(false);
  },
);
