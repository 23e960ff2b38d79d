import { describe, expect, it } from 'vitest';
import type {
  TargetForeignKey,
  TargetTable,
} from '../../../../scripts/lib/model/target-catalog.ts';
import {
  planConstraints,
  type ConstraintOptions,
  type ConstraintPlan,
} from '../../../../scripts/lib/target/constraints/plan.ts';
import type { KeyRights } from '../../../../scripts/lib/target/constraints/rights.ts';
import { targetCatalog, targetTable } from '../../../support/catalogs.ts';

interface Key extends Partial<TargetForeignKey> {
  readonly to: string;
  readonly rights?: Partial<KeyRights>;
}

/** Tables with keys over the column `n`, named `table_parent`; the role may do everything with them but set the role. */
function schemaOf(
  keysOf: Readonly<Record<string, readonly Key[]>>,
  options: Partial<ConstraintOptions> & { readonly maySetReplicationRole?: boolean } = {},
  hasDeferrableKeys = false,
): (loaded: readonly string[], emptied?: readonly string[]) => ConstraintPlan {
  const rights = new Map<TargetForeignKey, KeyRights>();
  const indexes = new Map(Object.keys(keysOf).map((name) => [name, [`${name}_pkey`]]));
  const tables = Object.entries(keysOf).map(([name, keys]): TargetTable => {
    const foreignKeys = keys.map(({ to, rights: some, ...more }): TargetForeignKey => {
      const key = {
        name: `${name}_${to}`,
        columns: ['n'],
        parentSchema: 'public',
        parentTable: to,
        parentColumns: ['id'],
        operators: ['OPERATOR(pg_catalog.=)'],
        match: 'simple',
        isValidated: true,
        isEnforced: true,
        isTemporal: false,
        isDeferrable: false,
        isDeferred: false,
        ...more,
      } as const;
      rights.set(key, { mayProve: true, mayDrop: true, isChecked: true, ...some });
      return key;
    });
    return { ...targetTable(name, ['id', 'n']), foreignKeys, hasDeferrableKeys };
  });
  const catalog = targetCatalog(tables);
  const named = (names: readonly string[]): TargetTable[] =>
    tables.filter(({ name }) => names.includes(name));
  const { maySetReplicationRole = false, ...others } = options;
  return (loaded, emptied = []) =>
    planConstraints(catalog, named(loaded), named(emptied), {
      rights: { maySetReplicationRole, keys: rights, indexes },
      keepConstraints: false,
      keepsRows: false,
      isFilled: () => false,
      ...others,
    });
}

const namesOf = (keys: ConstraintPlan['dropped']): string[] => keys.map(({ key }) => key.name);
const locksOf = (plan: ConstraintPlan): Record<string, string> =>
  Object.fromEntries(
    plan.locks.map(({ table, mode }) => [table.replace('"public".', '').replaceAll('"', ''), mode]),
  );

const indexesOf = ({ indexes }: ConstraintPlan): Record<string, readonly string[]> =>
  Object.fromEntries([...indexes].map(([{ name }, names]) => [name, names]));

const always = (): boolean => true;

const FAMILY = { parent: [], child: [{ to: 'parent' }] } as const;

describe('what becomes of foreign keys during a load', () => {
  it('a role that may set session_replication_role proves them, parents locked against writers', () => {
    const plan = schemaOf(FAMILY, { maySetReplicationRole: true })(['child']);
    expect(plan).toMatchObject({ mode: 'proven', dropped: [], deferred: [] });
    expect(namesOf(plan.proven)).toEqual(['child_parent']);
    expect(locksOf(plan)).toEqual({ child: 'SHARE ROW EXCLUSIVE', parent: 'SHARE' });
  });

  it('another role drops them and proves them, child and parent locked against all', () => {
    const plan = schemaOf(FAMILY)(['child']);
    expect(plan).toMatchObject({ mode: 'dropped', deferred: [] });
    expect(namesOf(plan.dropped)).toEqual(['child_parent']);
    expect(namesOf(plan.proven)).toEqual(['child_parent']);
    expect(locksOf(plan)).toEqual({ child: 'ACCESS EXCLUSIVE', parent: 'ACCESS EXCLUSIVE' });
  });

  it('those that would not come back as they were stay in place beside dropped ones', () => {
    const kept = { to: 'other', rights: { mayDrop: false } };
    const plan = schemaOf({ parent: [], other: [], child: [{ to: 'parent' }, kept] })(['child']);
    expect(plan.mode).toBe('dropped');
    expect(namesOf(plan.dropped)).toEqual(['child_parent']);
    expect(namesOf(plan.proven)).toEqual(['child_parent']);
    expect(locksOf(plan)).toMatchObject({ other: 'ROW SHARE', parent: 'ACCESS EXCLUSIVE' });
  });

  it.each([true, false])('all stay in place when that is asked for (may prove: %s)', (may) => {
    const options = { maySetReplicationRole: may, keepConstraints: true };
    const plan = schemaOf(FAMILY, options)(['child']);
    expect(plan).toMatchObject({ mode: 'in-place', dropped: [], proven: [], deferred: [] });
    expect(locksOf(plan)).toEqual({ child: 'SHARE ROW EXCLUSIVE', parent: 'ROW SHARE' });
  });

  it('a table without any, and one with none that may be dropped, load with all in place', () => {
    expect(schemaOf(FAMILY)(['parent'])).toMatchObject({ mode: 'in-place', proven: [] });
    const none = { to: 'parent', rights: { mayDrop: false, mayProve: false } };
    const plan = schemaOf({ parent: [], child: [none] })(['child']);
    expect(plan.mode).toBe('in-place');
    // A parent that the role may not lock is left to PostgreSQL, which asks for no right.
    expect(locksOf(plan)).toEqual({ child: 'SHARE ROW EXCLUSIVE' });
  });

  it('one that no query here can prove makes the others of its table be dropped', () => {
    const options = { maySetReplicationRole: true };
    const temporal = { to: 'other', isTemporal: true, rights: { mayProve: false, mayDrop: false } };
    const tables = { parent: [], other: [], child: [{ to: 'parent' }, temporal] };
    const plan = schemaOf(tables, options)(['child']);
    expect(plan.mode).toBe('dropped');
    expect(namesOf(plan.dropped)).toEqual(['child_parent']);
  });

  it('one that was not validated is proven, unless old rows stay beside the new', () => {
    const options = { maySetReplicationRole: true };
    const loose = { to: 'parent', isValidated: false, rights: { mayDrop: false } };
    const tables = { parent: [], child: [loose] };
    expect(schemaOf(tables, options)(['child']).mode).toBe('proven');
    const plan = schemaOf(tables, { ...options, keepsRows: true })(['child']);
    expect(plan).toMatchObject({ mode: 'in-place', proven: [] });
  });

  it('one that is not enforced is let be', () => {
    const plan = schemaOf({ parent: [], child: [{ to: 'parent', isEnforced: false }] })(['child']);
    expect(plan).toMatchObject({ mode: 'in-place', dropped: [], proven: [], deferred: [] });
    expect(locksOf(plan)).toEqual({ child: 'SHARE ROW EXCLUSIVE' });
  });

  it.each([true, false])('one that no trigger checks is proven (keep constraints: %s)', (keep) => {
    const disabled = { to: 'parent', rights: { mayDrop: false, isChecked: false } };
    const tables = { parent: [], child: [disabled] };
    const plan = schemaOf(tables, { keepConstraints: keep })(['child']);
    expect(plan).toMatchObject({ mode: 'in-place', dropped: [] });
    expect(namesOf(plan.proven)).toEqual(['child_parent']);
    expect(locksOf(plan)).toMatchObject({ parent: 'SHARE' });
  });

  it('in a cycle, those that stay in place wait for its end', () => {
    const kept = { to: 'a', rights: { mayDrop: false } };
    const deferrable = { to: 'b', isDeferrable: true, rights: { mayDrop: false } };
    const tables = { a: [{ to: 'b' }], b: [kept, deferrable] };
    const plan = schemaOf(tables)(['a', 'b']);
    expect(namesOf(plan.dropped)).toEqual(['a_b']);
    expect(namesOf(plan.deferred)).toEqual(['b_a']);
    expect(locksOf(plan)).toEqual({ a: 'ACCESS EXCLUSIVE', b: 'ACCESS EXCLUSIVE' });
    const inPlace = schemaOf(tables, { keepConstraints: true })(['a', 'b']);
    expect(namesOf(inPlace.deferred)).toEqual(['a_b', 'b_a']);
  });

  it.each([
    ['proven', true],
    ['dropped', false],
  ])('indexes that may be are dropped, foreign keys %s', (mode, maySetReplicationRole) => {
    const plan = schemaOf(FAMILY, { maySetReplicationRole, isFilled: always })(['child']);
    expect(plan.mode).toBe(mode);
    expect(indexesOf(plan)).toEqual({ child: ['child_pkey'] });
    expect(locksOf(plan)).toMatchObject({ child: 'ACCESS EXCLUSIVE' });
  });

  it.each([
    ['too few rows', {}, {}],
    ['all constraints kept', { isFilled: always, keepConstraints: true }, {}],
    ['a foreign key in place', { isFilled: always }, { mayDrop: false }],
  ])('indexes stay in place with %s', (_, options, rights) => {
    const tables = { parent: [], child: [{ to: 'parent', rights }] };
    expect(indexesOf(schemaOf(tables, options)(['child']))).toEqual({});
  });

  it('indexes stay in place beside keys that triggers check', () => {
    const plan = schemaOf(FAMILY, { isFilled: always }, true)(['parent']);
    expect(indexesOf(plan)).toEqual({});
  });

  it('tables that are emptied are locked against all', () => {
    const plan = schemaOf(FAMILY, { maySetReplicationRole: true })(['parent'], ['parent', 'child']);
    expect(locksOf(plan)).toEqual({ child: 'ACCESS EXCLUSIVE', parent: 'ACCESS EXCLUSIVE' });
  });
});
