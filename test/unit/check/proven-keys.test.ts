import { describe, expect, it } from 'vitest';
import { isProvenReference, isProvenUnique } from '../../../scripts/lib/check/proven-keys.ts';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import type { TablePlan } from '../../../scripts/lib/mapping/plan.ts';
import type { TargetColumn, TargetForeignKey } from '../../../scripts/lib/model/target-catalog.ts';
import { introspectSource } from '../../../scripts/lib/source/introspect.ts';
import { asManifestTable, targetColumn, targetTable, targetType } from '../../support/catalogs.ts';
import { mappingOf, planned } from '../../support/mapping.ts';
import { memoryDatabase } from '../../support/sqlite.ts';

interface Case {
  /** SQL that makes the source's tables. */
  readonly source: string;
  readonly columns: Readonly<Record<string, readonly TargetColumn[]>>;
  readonly mapping?: MappingFile['tables'];
}

function plansOf({ source, columns, mapping }: Case): Map<string, TablePlan> {
  const db = memoryDatabase(source);
  const tables = introspectSource(db).tables.map((table) => asManifestTable(table));
  const targets = Object.entries(columns).map(([name, list]) => targetTable(name, list));
  const { plans } = planned(tables, targets, {
    mapping: mapping === undefined ? undefined : mappingOf(mapping),
  });
  return new Map(plans.map((plan) => [plan.source.name, plan]));
}

function planOf(name: string, given: Case): TablePlan {
  const plan = plansOf(given).get(name);
  if (plan === undefined) throw new Error(`no plan for ${name}`);
  return plan;
}

const loose = (name: string): TargetColumn =>
  targetColumn(name, 'text', { hasNondeterministicCollation: true });
const mood = targetType('mood', { kind: 'enum', enumLabels: ['x'] });

const isProvenKey = (
  source: string,
  columns: readonly TargetColumn[],
  key: readonly string[],
  more: { readonly mapping?: MappingFile['tables']; readonly nullsDistinct?: boolean } = {},
): boolean =>
  isProvenUnique(planOf('t', { source, columns: { t: columns }, ...more }), {
    name: 'key',
    columns: key,
    nullsDistinct: more.nullsDistinct ?? true,
    isPrimary: false,
    isDeferrable: false,
  });

const isProvenParent = (
  parentColumn: string,
  childColumn: string,
  types: readonly [parent: string, child: string],
  more: {
    readonly mapping?: MappingFile['tables'];
    readonly key?: Partial<TargetForeignKey>;
  } = {},
): boolean => {
  const plans = plansOf({
    source: `CREATE TABLE p (id ${parentColumn}); CREATE TABLE c (p ${childColumn} REFERENCES p (id), q TEXT)`,
    columns: {
      p: [targetColumn('id', types[0])],
      c: [targetColumn('p', types[1]), targetColumn('q')],
    },
    ...more,
  });
  const [parent, child] = [plans.get('p'), plans.get('c')];
  if (parent === undefined || child === undefined) throw new Error('no plans');
  const key: TargetForeignKey = {
    name: 'key',
    columns: ['p'],
    parentSchema: 'public',
    parentTable: 'p',
    parentColumns: ['id'],
    operators: ['='],
    match: 'simple',
    isValidated: true,
    isEnforced: true,
    isTemporal: false,
    isDeferrable: false,
    isDeferred: false,
    ...more.key,
  };
  return isProvenReference(key, child, parent);
};

describe('a unique key of the target is proven by the source', () => {
  it.each([
    ['a rowid', 'id INTEGER PRIMARY KEY', 'int4'],
    ['a rowid as text', 'id INTEGER PRIMARY KEY', 'text'],
    ['integers', 'id BIGINT UNIQUE', 'int8'],
    ['text', 'id TEXT PRIMARY KEY', 'varchar'],
    ['text that ignores case', 'id TEXT UNIQUE COLLATE NOCASE', 'text'],
  ])('where it holds for %s', (_, column, type) => {
    expect(isProvenKey(`CREATE TABLE t (${column})`, [targetColumn('id', type)], ['id'])).toBe(
      true,
    );
  });

  it('where labels stay labels', () => {
    expect(isProvenKey('CREATE TABLE t (id TEXT UNIQUE)', [targetColumn('id', mood)], ['id'])).toBe(
      true,
    );
  });

  it('where it covers the same columns in another order, or fewer', () => {
    const columns = [
      targetColumn('a', 'text'),
      targetColumn('b', 'int4'),
      targetColumn('c', 'jsonb'),
    ];
    const source = 'CREATE TABLE t (a TEXT, b INTEGER, c TEXT, UNIQUE (b, a))';
    expect(isProvenKey(source, columns, ['a', 'b'])).toBe(true);
    expect(isProvenKey(source, columns, ['c', 'a', 'b'])).toBe(true);
    expect(isProvenKey(source, columns, ['a'])).toBe(false);
  });

  it.each([
    ['uuids may be written in many ways', 'id TEXT UNIQUE', targetColumn('id', 'uuid')],
    ['citext ignores case', 'id TEXT UNIQUE COLLATE NOCASE', targetColumn('id', 'citext')],
    ['char(n) ignores blanks at the end', 'id TEXT UNIQUE', targetColumn('id', 'bpchar')],
    ['a collation may call different texts equal', 'id TEXT UNIQUE', loose('id')],
    ['a column of any class holds 1 and "1"', 'id UNIQUE', targetColumn('id', 'int4')],
    ['moments are written in many ways', 'id DATETIME UNIQUE', targetColumn('id', 'timestamp')],
    [
      'the key of the source covers more columns',
      'id TEXT, x, UNIQUE (id, x)',
      targetColumn('id', 'text'),
    ],
  ])('not where %s', (_, column, target) => {
    expect(isProvenKey(`CREATE TABLE t (${column})`, [target], ['id'])).toBe(false);
  });

  it('not where the mapping changes values', () => {
    const mapping = { t: { columns: { id: { convert: 'trim' } } } } as const;
    const source = 'CREATE TABLE t (id TEXT PRIMARY KEY)';
    expect(isProvenKey(source, [targetColumn('id', 'text')], ['id'], { mapping })).toBe(false);
  });

  it('not where NULL equals NULL, unless no NULL can be', () => {
    const source = 'CREATE TABLE t (id TEXT UNIQUE)';
    const strict = { nullsDistinct: false };
    expect(isProvenKey(source, [targetColumn('id', 'text')], ['id'], strict)).toBe(false);
    const required = targetColumn('id', 'text', { notNull: true });
    expect(isProvenKey(source, [required], ['id'], strict)).toBe(true);
  });
});

describe('a foreign key of the target is proven by the source', () => {
  it.each([
    ['integers', 'INTEGER PRIMARY KEY', 'INTEGER', ['int4', 'int8']],
    ['text', 'TEXT PRIMARY KEY', 'TEXT', ['text', 'varchar']],
    ['text that becomes uuid', 'TEXT PRIMARY KEY', 'TEXT', ['uuid', 'uuid']],
    ['bytes that become uuid', 'BLOB PRIMARY KEY', 'BLOB', ['uuid', 'uuid']],
    ['text that ignores case', 'TEXT PRIMARY KEY', 'TEXT', ['citext', 'citext']],
  ] as const)('where it holds for %s', (_, parent, child, types) => {
    expect(isProvenParent(parent, child, types)).toBe(true);
  });

  it.each([
    ['the source ignores case', 'TEXT PRIMARY KEY COLLATE NOCASE', 'TEXT', ['text', 'text']],
    ['the types differ', 'TEXT PRIMARY KEY', 'TEXT', ['uuid', 'text']],
    ['5 refers to "05"', 'INTEGER PRIMARY KEY', 'TEXT', ['text', 'text']],
    ['a text becomes a moment', 'TEXT PRIMARY KEY', 'TEXT', ['timestamp', 'timestamp']],
    ['numbers become text', 'REAL PRIMARY KEY', 'REAL', ['text', 'text']],
  ] as const)('not where %s', (_, parent, child, types) => {
    expect(isProvenParent(parent, child, types)).toBe(false);
  });

  it('not where the mapping leaves parents out or changes keys', () => {
    const args = ['TEXT PRIMARY KEY', 'TEXT', ['text', 'text']] as const;
    const where = [{ column: 'id', op: 'eq', value: 'x' }] as const;
    expect(isProvenParent(...args, { mapping: { p: { where: [...where] } } })).toBe(false);
    const lowered = { columns: { id: { convert: 'lower_case' } } } as const;
    expect(isProvenParent(...args, { mapping: { p: lowered } })).toBe(false);
  });

  it('not over other columns', () => {
    const args = ['TEXT PRIMARY KEY', 'TEXT', ['text', 'text']] as const;
    expect(isProvenParent(...args, { key: { columns: ['q'] } })).toBe(false);
  });
});
