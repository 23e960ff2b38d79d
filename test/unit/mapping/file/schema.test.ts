import { describe, expect, it } from 'vitest';
import {
  describeIssue,
  faultsOfIssues,
  mappingError,
} from '../../../../scripts/lib/mapping/file/faults.ts';
import { NAMED_CONVERSIONS } from '../../../../scripts/lib/mapping/file/conversions.ts';
import { POLICIES } from '../../../../scripts/lib/mapping/file/policies.ts';
import { mappingFileSchema } from '../../../../scripts/lib/mapping/file/schema.ts';
import { faultLines } from '../../../support/mapping.ts';

/** What a mapping with this content is refused for, a line for each fault. */
function faults(content: unknown): string[] {
  const parsed = mappingFileSchema.safeParse(content, { error: describeIssue });
  if (parsed.success) return [];
  const file = { file: 'mapping.json', lineOf: () => undefined };
  return faultLines(mappingError(file, faultsOfIssues(parsed.error.issues)));
}

/** What is wrong with a column of which a mapping says this. */
function columnFaults(said: unknown): string[] {
  return faults({ version: 1, tables: { t: { columns: { c: said } } } });
}

/** What is wrong with a conversion that stands alone. */
function conversionFaults(conversion: unknown): string[] {
  return columnFaults({ convert: conversion }).map((line) =>
    line.replace('tables.t.columns.c.convert: ', ''),
  );
}

/** What is wrong with a conversion that stands second in a list. */
function listedFaults(conversion: unknown): string[] {
  return columnFaults({ convert: ['trim', conversion] }).map((line) =>
    line.replace('tables.t.columns.c.convert[1]: ', ''),
  );
}

/** What is wrong with a condition. */
function conditionFaults(condition: unknown): string[] {
  return faults({ version: 1, tables: { t: { where: [condition] } } }).map((line) =>
    line.replace('tables.t.where[0]: ', ''),
  );
}

/** What is wrong with a constant. */
function constantFaults(value: unknown): string[] {
  return faults({ version: 1, tables: { t: { add: { c: { constant: value } } } } });
}

describe('a mapping', () => {
  it.each([
    [{}, ['version: is missing: write "version": 1', 'tables: is missing']],
    [{ version: '1', tables: {} }, ['version: this toolkit reads mappings of version 1']],
    [{ version: 2, tables: {} }, ['version: this toolkit reads mappings of version 1']],
    [
      { version: 1, table: {} },
      [
        'tables: is missing',
        'table: there is no such key here; did you mean tables? ($schema, version, namespaces, set, tables)',
      ],
    ],
    [{ version: 1, tables: [] }, ['tables: must be an object']],
    [
      { version: 1, tables: {}, namespaces: { users: 'users' } },
      ['namespaces.users: is not a UUID'],
    ],
    [{ version: 1, tables: { t: null } }, ['tables.t: must be an object']],
    [
      { version: 1, tables: { t: { colums: {}, 'where ': [] } } },
      [
        'tables.t.colums: there is no such key here; did you mean columns? (target, skip, where, columns, add, references)',
        'tables.t."where ": there is no such key here; did you mean where? (target, skip, where, columns, add, references)',
      ],
    ],
    [{ version: 1, tables: { t: { skip: true } } }, ['tables.t.skip: must be text']],
    [{ version: 1, tables: { t: { skip: '' } } }, ['tables.t.skip: must not be empty']],
    [{ version: 1, tables: { t: { target: 3 } } }, ['tables.t.target: must be text']],
    [{ version: 1, tables: { t: { where: {} } } }, ['tables.t.where: must be a list']],
    [
      { version: 1, tables: { t: { add: { c: 3 } } } },
      ['tables.t.add.c: must be {"constant": …} or {"default": true}'],
    ],
    [
      { version: 1, tables: { t: { add: { c: { default: false } } } } },
      ['tables.t.add.c: must be {"constant": …} or {"default": true}'],
    ],
  ])('%j is refused for %j', (content, expected) => {
    expect(faults(content)).toEqual(expected);
  });

  it('is refused for all its faults at once', () => {
    const content = {
      version: 3,
      tables: {
        a: { skip: 1 },
        b: { columns: { x: { drop: 2 }, y: { policies: ['rond'], convert: ['trimm', 'hexx'] } } },
      },
    };
    expect(faults(content)).toEqual([
      'version: this toolkit reads mappings of version 1',
      'tables.a.skip: must be text',
      'tables.b.columns.x.drop: must be text',
      'tables.b.columns.y.convert[0]: there is no conversion trimm; did you mean trim?',
      'tables.b.columns.y.convert[1]: there is no conversion hexx; did you mean hex?',
      `tables.b.columns.y.policies[0]: must be one of ${Object.keys(POLICIES).join(', ')}, and is rond; did you mean round?`,
    ]);
  });
});

describe('a column', () => {
  it.each([
    ['email', 'tables.t.columns.c: must be an object'],
    [{ target: null }, 'tables.t.columns.c.target: must be text'],
    [
      { type: 'text' },
      'tables.t.columns.c.type: there is no such key here (target, drop, convert, policies)',
    ],
    [{ policies: 'null' }, 'tables.t.columns.c.policies: must be a list'],
    [
      { policies: [null] },
      `tables.t.columns.c.policies[0]: must be one of ${Object.keys(POLICIES).join(', ')}`,
    ],
  ])('%j is refused: %s', (said, expected) => {
    expect(columnFaults(said)).toEqual([expected]);
  });
});

describe('a conversion', () => {
  it('may be each word, alone or in a list, or each object', () => {
    const objects = [
      { values: { a: 'b', '1': true, c: null, d: 2.5 } },
      { if_null: '' },
      { uuid_v5: 'dns' },
      { time_zone: 'Europe/Berlin' },
      { date_format: 'DD.MM.YYYY' },
    ];
    for (const conversion of [...Object.keys(NAMED_CONVERSIONS), ...objects]) {
      expect(conversionFaults(conversion)).toEqual([]);
      expect(listedFaults(conversion)).toEqual([]);
    }
  });

  it.each([
    ['lowercase', 'there is no conversion lowercase; did you mean lower_case?'],
    ['uuid', 'there is no conversion uuid'],
    ['round', 'round is a policy: write "policies": ["round"]'],
    ['epoch', 'there is no conversion epoch; did you mean epoch_s?'],
    ['uuid_v5', 'uuid_v5 takes the name of a namespace, or a UUID, as text: {"uuid_v5": …}'],
    [{ uuidv5: 'users' }, 'there is no conversion uuidv5; did you mean uuid_v5?'],
    [{ trim: true }, 'trim takes nothing: write "trim"'],
    [{ uuid_v5: 7 }, 'uuid_v5 takes the name of a namespace, or a UUID, as text'],
    [{ time_zone: null }, 'time_zone takes the name of a zone as text'],
    [{ values: ['a', 'b'] }, 'values takes an object from old values to new ones'],
    [
      { values: { a: { b: 1 } } },
      'values takes an object from old values to new ones; "a" must be text, a number, true, false or null',
    ],
    [{ if_null: [] }, 'if_null takes text, a number, true or false'],
    [
      { values: { a: 1 }, if_null: 2 },
      'several conversions in one object have no order: write a list, [{"values": …}, {"if_null": …}]',
    ],
    [{}, 'an empty object is no conversion'],
    [5, 'a conversion is a word, such as "trim", or an object, such as {"if_null": 0}'],
    [null, 'a conversion is a word, such as "trim", or an object, such as {"if_null": 0}'],
  ])('%j is refused: %s', (conversion, expected) => {
    expect(conversionFaults(conversion)).toEqual([expected]);
    expect(listedFaults(conversion)).toEqual([expected]);
  });

  it('that is a list within a list is refused with its place', () => {
    expect(columnFaults({ convert: ['trim', ['hex']] })).toEqual([
      'tables.t.columns.c.convert[1]: a conversion is a word, such as "trim", or an object, such as {"if_null": 0}',
    ]);
  });
});

describe('a condition', () => {
  it('may have each operator with what it takes', () => {
    for (const op of ['eq', 'ne', 'lt', 'le', 'gt', 'ge']) {
      for (const value of ['a', '', 0, -1.5, 2n ** 62n]) {
        expect(conditionFaults({ column: 'c', op, value })).toEqual([]);
      }
    }
    for (const op of ['in', 'not_in']) {
      expect(conditionFaults({ column: 'c', op, value: ['a', 1] })).toEqual([]);
    }
    for (const op of ['is_null', 'is_not_null']) {
      expect(conditionFaults({ column: 'c', op })).toEqual([]);
    }
  });

  it.each([
    [
      'deleted = 0',
      'a condition is an object, such as {"column": "status", "op": "eq", "value": "open"}',
    ],
    [{ op: 'is_null' }, 'a condition names its column, as text'],
    [
      { column: 'c', op: 'equals', value: 1 },
      'there is no operator equals (eq, ne, lt, le, gt, ge, in, not_in, is_null, is_not_null)',
    ],
    [
      { column: 'c', op: 'notin', value: [1] },
      'there is no operator notin; did you mean not_in? (eq, ne, lt, le, gt, ge, in, not_in, is_null, is_not_null)',
    ],
    [
      { column: 'c', op: 'eq', values: 1 },
      'a condition has column, op and value, and no values; did you mean value?',
    ],
    [{ column: 'c', op: 'eq' }, 'eq takes a text or a number as its value'],
    [
      { column: 'c', op: 'eq', value: null },
      'no value compares with null: use is_null or is_not_null',
    ],
    [{ column: 'c', op: 'eq', value: true }, 'eq takes a text or a number as its value'],
    [
      { column: 'c', op: 'ne', value: [1] },
      'ne takes one text or number as its value; in and not_in take a list',
    ],
    [
      { column: 'c', op: 'in', value: 1 },
      'in takes a list of at least one text or number as its value',
    ],
    [{ column: 'c', op: 'in', value: [] }, 'tables.t.where[0].value: must not be empty'],
    [{ column: 'c', op: 'is_null', value: 1 }, 'is_null takes no value'],
  ])('%j is refused: %s', (condition, expected) => {
    expect(conditionFaults(condition)).toEqual([expected]);
  });
});

describe('a number', () => {
  it.each([0, -1, 1.5, Number.MAX_SAFE_INTEGER, 2n ** 63n - 1n, -(2n ** 63n)])(
    '%s is taken',
    (value) => {
      expect(constantFaults(value)).toEqual([]);
    },
  );

  it('that is not exact is refused, and one beyond 64 bits', () => {
    const inexact =
      'is not exact: write the whole number with all its digits (in a module with an n behind it)';
    expect(constantFaults(2 ** 53)).toEqual([`tables.t.add.c.constant: ${inexact}`]);
    expect(conversionFaults({ if_null: 2 ** 53 })).toEqual([
      `tables.t.columns.c.convert.if_null: ${inexact}`,
    ]);
    expect(conditionFaults({ column: 'c', op: 'eq', value: 2 ** 53 })).toEqual([
      `tables.t.where[0].value: ${inexact}`,
    ]);
    expect(constantFaults(2n ** 63n)).toEqual(['tables.t.add.c.constant: is beyond 64 bits']);
    expect(constantFaults(NaN)).toEqual([
      'tables.t.add.c: must be {"constant": …} or {"default": true}',
    ]);
  });
});
