import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../scripts/lib/model/findings.ts';
import {
  manifestColumn,
  manifestTable,
  targetColumn,
  targetTable,
  targetType,
} from '../../support/catalogs.ts';
import { planned } from '../../support/mapping.ts';

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
    const { plans, findings } = planned(
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
        column.source?.name,
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
    const convertAt = (madeByPrisma: boolean): unknown =>
      planned(source, target, { madeByPrisma }).plans[0]?.columns[0]?.convert(
        1000n,
        () => undefined,
      );
    expect(convertAt(true)).toBe('1970-01-01 00:00:01+00');
    expect(convertAt(false)).toMatchObject({ code: 'value-unit' });
  });
});

describe('a table', () => {
  it('without a place is a blocking finding, and the others are planned all the same', () => {
    const { plans, findings } = planned(
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
    const { plans, findings } = planned(
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
    const { findings } = planned(
      [manifestTable('users', ['id']), manifestTable('USERS_', ['id'])],
      [targetTable('users', ['id'])],
    );
    expect(brief(findings)).toEqual(['blocking table-shared USERS_']);
    expect(findings[0]?.message).toContain('users and USERS_');
  });

  it('of the target that nothing goes to is worth a word', () => {
    const { plans, findings } = planned(
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
    const { findings } = planned([manifestTable('t', ['id', 'old'])], [targetTable('t', ['id'])]);
    expect(brief(findings)).toEqual(['blocking column-without-place t.old']);
  });

  it('without a place is only worth a word when SQLite computed it', () => {
    const computed = manifestColumn('total', { generated: 'stored' });
    const { findings } = planned(
      [manifestTable('t', ['id', computed])],
      [targetTable('t', ['id'])],
    );
    expect(brief(findings)).toEqual(['info column-without-place t.total']);
  });

  it('with two places names both, computed or not', () => {
    const computed = manifestColumn('user_id', { generated: 'virtual' });
    const target = targetTable('t', ['userId', 'userID']);
    const { findings } = planned([manifestTable('t', [computed])], [target]);
    expect(brief(findings)).toEqual([
      'blocking column-ambiguous t.user_id',
      'info column-not-filled t.t.userId',
      'info column-not-filled t.t.userID',
    ]);
  });

  it('may not share its place with another', () => {
    const { findings } = planned(
      [manifestTable('t', ['userId', 'user_id'])],
      [targetTable('t', ['USERID'])],
    );
    expect(brief(findings)).toEqual(['blocking column-shared t.userId, user_id']);
  });

  it('for a type without a conversion is a blocking finding that names the type', () => {
    const vector = targetColumn('ip', targetType('tsvector'));
    const { plans, findings } = planned([manifestTable('t', ['ip'])], [targetTable('t', [vector])]);
    expect(brief(findings)).toEqual(['blocking type-not-supported t.ip']);
    expect(findings[0]?.message).toContain('tsvector of t.ip');
    expect(plans[0]?.columns).toEqual([]);
  });
});

describe('a column of the target', () => {
  it('that computes itself is neither loaded nor missed', () => {
    const total = targetColumn('total', 'int4', { isGenerated: true, notNull: true });
    const target = [targetTable('t', ['id', total])];
    for (const columns of [['id'], ['id', 'total']]) {
      const { plans, findings } = planned([manifestTable('t', columns)], target);
      expect(findings).toEqual([]);
      expect(plans[0]?.columns.map((column) => column.target.name)).toEqual(['id']);
      expect(plans[0]?.generated.map(({ source }) => source.name)).toEqual(columns.slice(1));
    }
  });

  it('that computes itself in a type without a conversion is only worth a word', () => {
    const words = targetColumn('words', 'tsvector', { isGenerated: true });
    const { plans, findings } = planned(
      [manifestTable('t', ['id', 'words'])],
      [targetTable('t', ['id', words])],
    );
    expect(brief(findings)).toEqual(['info type-not-supported t.words']);
    expect(plans[0]?.generated).toEqual([]);
  });

  it.each([
    [{ notNull: true }, 'blocking column-without-source t.t.extra'],
    [{ notNull: true, hasDefault: true }, 'info column-not-filled t.t.extra'],
    [{ notNull: false }, 'info column-not-filled t.t.extra'],
  ])('that no column fills, with %j: %s', (traits, expected) => {
    const extra = targetColumn('extra', 'text', traits);
    const { findings } = planned([manifestTable('t', ['id'])], [targetTable('t', ['id', extra])]);
    expect(brief(findings)).toEqual([expected]);
  });
});
