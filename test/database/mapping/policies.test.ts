import { beforeAll, describe, expect, it } from 'vitest';
import type { Policy } from '../../../scripts/lib/mapping/file/schema.ts';
import { mappingFile } from '../../support/mapping.ts';
import { createScenario, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

/** What each row of `odd` holds, and the one policy beside null and skip_row that answers. */
const ODD: readonly {
  readonly column: string;
  readonly code: string;
  readonly policy?: Policy;
  readonly becomes?: string;
}[] = [
  { column: 'nul', code: 'value-nul', policy: 'strip_nul', becomes: 'ab' },
  { column: 'bytes', code: 'value-encoding', policy: 'replace_invalid_utf8', becomes: 'a\uFFFD' },
  { column: 'money', code: 'value-precision', policy: 'round', becomes: '1.26' },
  { column: 'whole', code: 'value-precision', policy: 'round', becomes: '3' },
  { column: 'at', code: 'value-precision', policy: 'round', becomes: '2024-01-02 03:04:06+00' },
  { column: 'short', code: 'value-length', policy: 'truncate', becomes: '😀bc' },
  { column: 'small', code: 'value-range' },
  { column: 'flag', code: 'value-format' },
  { column: 'bin', code: 'value-class' },
  { column: 'label', code: 'value-label' },
  { column: 'unit', code: 'value-unit' },
];
const NAMES = ODD.map(({ column }) => column);

describe('values that do not fit', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await createScenario(folder, {
      source: `
        CREATE TABLE odd (id INTEGER PRIMARY KEY, nul, bytes, money, whole, at, short, small, flag, bin, label, unit INTEGER);
        INSERT INTO odd VALUES
          (1, 'a' || char(0) || 'b', CAST(x'61ff' AS TEXT), 1.256, 2.5, '2024-01-02T03:04:05.5Z', '😀bcd', 40000, 'maybe', x'00', 'NEW', 12),
          (2, 'ab', 'ab', 1.25, 2, '2024-01-02T03:04:05Z', 'abc', 4, 'yes', 'a', 'OLD', 0);`,
      target: `
        CREATE TYPE label AS ENUM ('OLD');
        CREATE TABLE odd (id int PRIMARY KEY, nul text, bytes text, money numeric(4,2), whole int, at timestamptz(0),
          short varchar(3), small int2, flag boolean, bin text, label label, unit timestamptz);`,
    });
  });

  /** Imports with the same policies for every column but these. */
  async function importWith(
    policies: readonly Policy[],
    except: readonly string[] = [],
  ): ReturnType<Scenario['import']> {
    const columns = Object.fromEntries(
      NAMES.filter((name) => !except.includes(name)).map((name) => [
        name,
        { policies: [...policies] },
      ]),
    );
    return scenario.import({ truncate: true, mapping: mappingFile(folder, { odd: { columns } }) });
  }

  /** What the target holds of row 1. */
  async function loaded(): Promise<Record<string, unknown> | undefined> {
    const list = NAMES.map((name) => `${name}::text`).join(', ');
    return (await scenario.rows(`SELECT ${list} FROM odd WHERE id = 1`))[0];
  }

  it('are all refused where no policy is named', async () => {
    const { exitCode, findings, report } = await importWith([]);
    expect(exitCode).toBe(3);
    expect(findings.map(({ code, where, total }) => `${where.column} ${code} ${total}`)).toEqual(
      ODD.map(({ column, code }) => `${column} ${code} 1`),
    );
    expect(report?.ledger).toEqual([]);
    expect(report?.tables).toMatchObject([{ state: 'not-loaded' }]);
  });

  it('are mended by the policy that is for them, and by no other', async () => {
    const all: readonly Policy[] = ['strip_nul', 'replace_invalid_utf8', 'round', 'truncate'];
    for (const policy of all) {
      const { findings, report } = await importWith([policy]);
      const mended = ODD.filter((odd) => odd.policy === policy).map(({ column }) => column);
      expect(findings.map(({ where }) => where.column)).toEqual(
        NAMES.filter((name) => !mended.includes(name)),
      );
      expect(
        report?.ledger.map(({ column, change, total }) => `${column} ${change} ${total}`),
      ).toEqual(mended.map((column) => `${column} ${policy} 1`));
    }
    const { exitCode, report } = await importWith([...all, 'null']);
    expect(exitCode).toBe(0);
    expect(await loaded()).toEqual(
      Object.fromEntries(ODD.map(({ column, becomes }) => [column, becomes ?? null])),
    );
    expect(report?.ledger).toEqual(
      ODD.map(({ column, policy }) => ({
        table: 'odd',
        column,
        change: policy ?? 'null',
        total: 1,
        examples: [{ rowKey: 'id=1', line: 1 }],
      })),
    );
  });

  it('become NULL by the policy null', async () => {
    expect(await importWith(['null'])).toMatchObject({ exitCode: 0, findings: [] });
    expect(await loaded()).toEqual(Object.fromEntries(NAMES.map((name) => [name, null])));
  });

  it.each(ODD)(
    'in the column $column take their row along by the policy skip_row',
    async ({ column }) => {
      const others = NAMES.filter((name) => name !== column);
      const columns = Object.fromEntries([
        ...others.map((name) => [name, { policies: ['null'] }]),
        [column, { policies: ['skip_row'] }],
      ]);
      const { exitCode, report, findings } = await scenario.import({
        truncate: true,
        mapping: mappingFile(folder, { odd: { columns } }),
      });
      expect({ exitCode, findings }).toEqual({ exitCode: 0, findings: [] });
      expect(report?.tables).toMatchObject([{ rowCount: 1, rowsLeftOut: 1, rowsAfter: 1 }]);
      expect(report?.ledger).toMatchObject([
        {
          table: 'odd',
          column,
          change: 'skip_row',
          total: 1,
          examples: [{ rowKey: 'id=1', line: 1 }],
        },
      ]);
      expect(report?.ledger[0]?.examples[0]?.detail).toMatch(/./);
      expect(await scenario.rows('SELECT id FROM odd')).toEqual([{ id: 2 }]);
    },
  );
});
