import { describe, expect, it } from 'vitest';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import { planOffline } from '../../../scripts/lib/mapping/plan-offline.ts';
import type { TablePlan } from '../../../scripts/lib/mapping/plan.ts';
import { resolveMapping } from '../../../scripts/lib/mapping/resolve.ts';
import { FindingCollector, type Finding } from '../../../scripts/lib/model/findings.ts';
import { Misfit } from '../../../scripts/lib/value/convert/converter.ts';
import { manifestColumn, manifestTable } from '../../support/catalogs.ts';
import { mappingOf } from '../../support/mapping.ts';

function plan(tables: MappingFile['tables']): {
  readonly plans: readonly TablePlan[];
  readonly findings: readonly Finding[];
} {
  const source = {
    madeByPrisma: false,
    encoding: 'UTF-8',
    tables: [
      manifestTable('users', [manifestColumn('id', { affinity: 'integer' }), 'email']),
      manifestTable('logs', ['id']),
    ],
  } as const;
  const findings = new FindingCollector();
  const plans = planOffline(source, resolveMapping(mappingOf(tables), source), findings);
  return { plans, findings: findings.list() };
}

describe('a plan without a target', () => {
  it('has every table and column that is not left out, by the names of the mapping', () => {
    const { plans, findings } = plan({
      users: { target: 'people', columns: { id: { drop: 'old' }, email: { target: 'mail' } } },
    });
    expect(
      plans.map(({ target, columns }) => [
        target.name,
        columns.map((column) => column.target.name),
      ]),
    ).toEqual([
      ['people', ['mail']],
      ['logs', ['id']],
    ]);
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([
      ['mapping-drops-column', 'info'],
    ]);
  });

  it('says which tables are skipped', () => {
    const { plans, findings } = plan({ logs: { skip: 'nobody reads them' } });
    expect(plans.map(({ source }) => source.name)).toEqual(['users']);
    expect(findings).toMatchObject([{ code: 'mapping-skips-table', where: { table: 'logs' } }]);
  });

  it('applies conditions and conversions, and takes every value that they give', () => {
    const { plans } = plan({
      users: {
        where: [{ column: 'id', op: 'eq', value: 1 }],
        columns: { email: { convert: ['trim', 'hex'], policies: ['round'] } },
      },
    });
    const [users] = plans;
    expect(users?.mayLoseRows).toBe(true);
    expect([1n, 2n].map((id) => users?.keeps?.([id, null]))).toEqual([true, false]);
    const email = users?.columns[1];
    expect(email?.convert(' 00ff ', () => undefined)).toBeTypeOf('string');
    expect(email?.convert('x', () => undefined)).toBeInstanceOf(Misfit);
    expect(users?.columns[0]?.convert(new Uint8Array(), () => undefined)).toBeTypeOf('string');
    expect(plans[1]?.mayLoseRows).toBe(false);
  });
});
