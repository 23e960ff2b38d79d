import { describe, expect, it } from 'vitest';
import type { ManifestTable } from '../../../scripts/lib/artifact/manifest.ts';
import { planTables, type TablePlan } from '../../../scripts/lib/mapping/plan.ts';
import { FindingCollector, type Finding } from '../../../scripts/lib/model/findings.ts';
import type { TargetTable } from '../../../scripts/lib/model/target-catalog.ts';
import {
  manifestColumn,
  manifestOf,
  manifestTable,
  targetCatalog,
  targetColumn,
  targetTable,
  targetType,
} from '../../support/catalogs.ts';
import { converted } from '../../support/converted.ts';

function plan(
  source: readonly ManifestTable[],
  target: readonly TargetTable[],
  madeByPrisma = false,
): { plans: TablePlan[]; findings: Finding[] } {
  const findings = new FindingCollector();
  const manifest = manifestOf(source);
  const plans = planTables(
    { ...manifest, source: { ...manifest.source, madeByPrisma } },
    targetCatalog(target),
    findings,
  );
  return { plans, findings: findings.list() };
}

/** `severity code table.column`, a line for each finding. */
function brief(findings: readonly Finding[]): string[] {
  return findings.map(({ severity, code, where }) =>
    [
      severity,
      code,
      [where.table, where.column].filter((part) => part !== undefined).join('.'),
    ].join(' '),
  );
}

describe('tables and columns', () => {
  it('go to those of the same name, whatever their order, and without any finding', () => {
    const { plans, findings } = plan(
      [manifestTable('users', ['id', 'userName'])],
      [targetTable('users', ['user_name', targetColumn('id', 'int4')])],
    );
    expect(findings).toEqual([]);
    expect(plans.map((table) => [table.source.name, table.target.name])).toEqual([
      ['users', 'users'],
    ]);
    expect(
      plans[0]?.columns.map((column) => [
        column.sourceIndex,
        column.source.name,
        column.target.name,
      ]),
    ).toEqual([
      [0, 'id', 'id'],
      [1, 'userName', 'user_name'],
    ]);
  });

  it('are converted by the type of the target and by what made the source', () => {
    const source = [manifestTable('t', ['at'])];
    const target = [targetTable('t', [targetColumn('at', 'timestamptz')])];
    const convertAt = (madeByPrisma: boolean): string =>
      converted(plan(source, target, madeByPrisma).plans[0]?.columns[0]?.convert, 0n);
    expect(convertAt(true)).toBe('1970-01-01 00:00:00+00');
    expect(convertAt(false)).toBe('value-unit');
  });
});

describe('a table', () => {
  it('without a place is a blocking finding, and the others are planned all the same', () => {
    const { plans, findings } = plan(
      [manifestTable('users', ['id']), manifestTable('logs', ['id'])],
      [targetTable('users', ['id'])],
    );
    expect(brief(findings)).toEqual(['blocking table-without-place logs']);
    expect(findings[0]).toMatchObject({
      kind: 'structure',
      hint: expect.stringContaining('@@map'),
    });
    expect(plans.map((table) => table.source.name)).toEqual(['users']);
  });

  it('with two places names both', () => {
    const { plans, findings } = plan(
      [manifestTable('user_logs', ['id'])],
      [targetTable('UserLogs', ['id']), targetTable('userLogs', ['id'])],
    );
    expect(brief(findings)).toEqual([
      'blocking table-ambiguous user_logs',
      'info target-table-not-filled ',
    ]);
    expect(findings[0]?.message).toContain('UserLogs, userLogs');
    expect(plans).toEqual([]);
  });

  it('may not share its place with another', () => {
    const { findings } = plan(
      [manifestTable('users', ['id']), manifestTable('USERS_', ['id'])],
      [targetTable('users', ['id'])],
    );
    expect(brief(findings)).toEqual(['blocking table-shared USERS_']);
    expect(findings[0]?.message).toContain('users and USERS_');
  });

  it('of the target that nothing goes to is worth a word', () => {
    const { plans, findings } = plan(
      [manifestTable('users', ['id'])],
      [targetTable('logs', ['id']), targetTable('users', ['id']), targetTable('tags', ['id'])],
    );
    expect(plans.map((table) => table.target.name)).toEqual(['users']);
    expect(findings).toMatchObject([
      {
        severity: 'info',
        code: 'target-table-not-filled',
        total: 2,
        examples: [{ detail: 'logs' }, { detail: 'tags' }],
      },
    ]);
  });
});

describe('a column of the source', () => {
  it('without a place is a blocking finding', () => {
    const { findings } = plan([manifestTable('t', ['id', 'old'])], [targetTable('t', ['id'])]);
    expect(brief(findings)).toEqual(['blocking column-without-place t.old']);
  });

  it('without a place is only worth a word when SQLite computed it', () => {
    const computed = manifestColumn('total', { generated: 'stored' });
    const { findings } = plan([manifestTable('t', ['id', computed])], [targetTable('t', ['id'])]);
    expect(brief(findings)).toEqual(['info column-without-place t.total']);
  });

  it('with two places names both, computed or not', () => {
    const computed = manifestColumn('user_id', { generated: 'virtual' });
    const target = targetTable('t', ['userId', 'userID']);
    const { findings } = plan([manifestTable('t', [computed])], [target]);
    expect(brief(findings)).toEqual([
      'blocking column-ambiguous t.user_id',
      'info column-not-filled t.t.userId',
      'info column-not-filled t.t.userID',
    ]);
  });

  it('may not share its place with another', () => {
    const { findings } = plan(
      [manifestTable('t', ['userId', 'user_id'])],
      [targetTable('t', ['USERID'])],
    );
    expect(brief(findings)).toEqual(['blocking column-shared t.userId, user_id']);
  });

  it('for a type without a conversion is a blocking finding that names the type', () => {
    const inet = targetColumn('ip', targetType('inet'));
    const { plans, findings } = plan([manifestTable('t', ['ip'])], [targetTable('t', [inet])]);
    expect(brief(findings)).toEqual(['blocking type-not-supported t.ip']);
    expect(findings[0]?.message).toContain('inet of t.ip');
    expect(plans[0]?.columns).toEqual([]);
  });
});

describe('a column of the target', () => {
  it('that computes itself is neither loaded nor missed', () => {
    const total = targetColumn('total', 'inet', { isGenerated: true, notNull: true });
    const target = [targetTable('t', ['id', total])];
    for (const columns of [['id'], ['id', 'total']]) {
      const { plans, findings } = plan([manifestTable('t', columns)], target);
      expect(findings).toEqual([]);
      expect(plans[0]?.columns.map((column) => column.target.name)).toEqual(['id']);
    }
  });

  it.each([
    [{ notNull: true }, 'blocking column-without-source t.t.extra'],
    [{ notNull: true, hasDefault: true }, 'info column-not-filled t.t.extra'],
    [{ notNull: false }, 'info column-not-filled t.t.extra'],
  ])('that no column fills, with %j: %s', (traits, expected) => {
    const extra = targetColumn('extra', 'text', traits);
    const { findings } = plan([manifestTable('t', ['id'])], [targetTable('t', ['id', extra])]);
    expect(brief(findings)).toEqual([expected]);
  });
});
