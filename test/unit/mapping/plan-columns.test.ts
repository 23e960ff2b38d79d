import { describe, expect, it } from 'vitest';
import type { ManifestColumn } from '../../../scripts/lib/artifact/manifest.ts';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import { columnId, type IntegerRange } from '../../../scripts/lib/mapping/plan.ts';
import { Misfit } from '../../../scripts/lib/value/convert/converter.ts';
import type { SqliteValue } from '../../../scripts/lib/model/values.ts';
import type { TargetColumn } from '../../../scripts/lib/model/target-catalog.ts';
import {
  manifestColumn,
  manifestTable,
  targetColumn,
  targetTable,
  targetType,
} from '../../support/catalogs.ts';
import { faultsOf, mappingOf, planned, type PlanningOptions } from '../../support/mapping.ts';

type Mapped = MappingFile['tables'][string];

/** Plans a table `users` of these columns for one of those, by what a mapping says of it. */
function plan(
  columns: readonly (string | ManifestColumn)[],
  target: readonly (string | TargetColumn)[],
  mapped: Mapped = {},
  options: Omit<PlanningOptions, 'mapping'> = {},
): ReturnType<typeof planned> {
  return planned([manifestTable('users', columns)], [targetTable('users', target)], {
    ...options,
    mapping: mappingOf({ users: mapped }),
  });
}

/** `source → target`, a line for each column of the plan. */
function places({ plans }: ReturnType<typeof planned>): string[] {
  return (plans[0]?.columns ?? []).map(
    ({ source, target }) => `${source?.name ?? '(constant)'} → ${target.name}`,
  );
}

/** `severity code column`, a line for each finding. */
function brief({ findings }: ReturnType<typeof planned>): string[] {
  return findings.map(
    ({ severity, code, where }) => `${severity} ${code} ${where.column ?? where.table ?? ''}`,
  );
}

/** What the plan makes of a value of its only column, or the code of the misfit. */
function converted({ plans }: ReturnType<typeof planned>, value: SqliteValue): unknown {
  const outcome = plans[0]?.columns[0]?.convert(value, () => undefined);
  return outcome instanceof Misfit ? outcome.code : outcome;
}

/** Whether a table of which a mapping says this may lose rows. */
function mayLose(mapped: Mapped): unknown {
  return plan(['id'], ['id'], mapped).plans[0]?.mayLoseRows;
}

/** The integers of `users.at` lie between these. */
function range(min: bigint, max: bigint): ReadonlyMap<string, IntegerRange> {
  return new Map([[columnId('users', 'at'), { min, max }]]);
}

/** Whether the only column of a plan needs the range of its integers. */
function needs(...args: Parameters<typeof plan>): unknown {
  return plan(...args).plans[0]?.columns[0]?.needsIntegerRange;
}

/** What a conversion makes of a time. */
function read(
  convert: NonNullable<Mapped['columns']>[string]['convert'],
  value: SqliteValue,
): unknown {
  return converted(plan([at], target, { columns: { at: { convert } } }), value);
}

const at = manifestColumn('at', { affinity: 'integer' });
const target = [targetColumn('at', 'timestamptz')];

describe('a column', () => {
  it('goes where the mapping says, and others by their names', () => {
    const result = plan(['id', 'mail', 'name'], ['name', 'email', 'id'], {
      columns: { mail: { target: 'email' } },
    });
    expect(places(result)).toEqual(['id → id', 'mail → email', 'name → name']);
    expect(result.findings).toEqual([]);
  });

  it('may change places with another', () => {
    const result = plan(['a', 'b'], ['a', 'b'], {
      columns: { a: { target: 'b' }, b: { target: 'a' } },
    });
    expect(places(result)).toEqual(['a → b', 'b → a']);
    expect(result.findings).toEqual([]);
  });

  it('that is dropped is said with its reason, and its place is free', () => {
    const result = plan(['a', 'b'], ['a'], {
      columns: { a: { drop: 'never used' }, b: { target: 'a' } },
    });
    expect(places(result)).toEqual(['b → a']);
    expect(result.findings).toMatchObject([
      {
        severity: 'info',
        code: 'mapping-drops-column',
        message: 'the mapping leaves the column out: never used',
        where: { table: 'users', column: 'a' },
      },
    ]);
  });

  it('may not share its place with one that goes there by name', () => {
    const result = plan(['email', 'mail'], ['email'], { columns: { mail: { target: 'email' } } });
    expect(brief(result)).toEqual(['blocking column-shared email, mail']);
    expect(result.findings[0]?.hint).toContain('"drop"');
  });

  it('is refused when the target has no such column', () => {
    expect(
      faultsOf(() => plan(['mail'], ['email'], { columns: { mail: { target: 'emial' } } })),
    ).toEqual([
      "tables.users.columns.mail.target: the target's table users has no column emial; did you mean email?",
    ]);
  });

  it('without a place is told how the mapping can help', () => {
    const result = plan(['a', 'b'], ['a']);
    expect(brief(result)).toEqual(['blocking column-without-place b']);
    expect(result.findings[0]?.hint).toContain('("target")');
    expect(result.findings[0]?.hint).toContain('("drop")');
  });

  it('that takes no NULL refuses the policy null', () => {
    const email = targetColumn('email', 'text', { notNull: true });
    expect(
      faultsOf(() => plan(['email'], [email], { columns: { email: { policies: ['null'] } } })),
    ).toEqual([
      'tables.users.columns.email.policies: the policy null cannot be: users.email takes no NULL',
    ]);
  });

  it('that the target computes is compared, and can have no conversion', () => {
    const full = targetColumn('full', 'text', { isGenerated: true });
    const compared = plan(['id', 'full'], ['id', full], { columns: { full: {} } });
    expect(places(compared)).toEqual(['id → id']);
    expect(compared.plans[0]?.generated).toHaveLength(1);
    for (const said of [{ convert: 'trim' }, { policies: ['null'] }] as const) {
      const columns = { full: said } as unknown as NonNullable<Mapped['columns']>;
      expect(faultsOf(() => plan(['id', 'full'], ['id', full], { columns }))).toEqual([
        'tables.users.columns.full: the target computes users.full: drop the column, or convert nothing in it',
      ]);
    }
  });
});

describe('a table', () => {
  const source = [manifestTable('users', ['id']), manifestTable('people', ['id'])];

  it('goes where the mapping says', () => {
    const { plans, findings } = planned(
      [manifestTable('users', ['id'])],
      [targetTable('people', ['id'])],
      {
        mapping: mappingOf({ users: { target: 'people' } }),
      },
    );
    expect(plans.map((table) => `${table.source.name} → ${table.target.name}`)).toEqual([
      'users → people',
    ]);
    expect(findings).toEqual([]);
  });

  it('that is skipped is said with its reason', () => {
    const { plans, findings } = planned(source, [targetTable('users', ['id'])], {
      mapping: mappingOf({ people: { skip: 'moved before' } }),
    });
    expect(plans.map((table) => table.source.name)).toEqual(['users']);
    expect(findings).toMatchObject([
      {
        severity: 'info',
        code: 'mapping-skips-table',
        message: 'the mapping leaves the table out: moved before',
        where: { table: 'people' },
      },
    ]);
  });

  it('may not share its place with one that goes there by name', () => {
    const { findings } = planned(source, [targetTable('people', ['id'])], {
      mapping: mappingOf({ users: { target: 'people' } }),
    });
    expect(findings).toMatchObject([{ severity: 'blocking', code: 'table-shared' }]);
  });

  it('is refused when the target has no such table', () => {
    const mapping = mappingOf({ users: { target: 'peeple' }, people: { target: 'x' } });
    expect(faultsOf(() => planned(source, [targetTable('people', ['id'])], { mapping }))).toEqual([
      "tables.users.target: the target's schema public has no table peeple; did you mean people?",
      "tables.people.target: the target's schema public has no table x",
    ]);
  });

  it('of which every column is dropped is refused', () => {
    const columns = { id: { drop: 'a' }, name: { drop: 'b' } };
    expect(faultsOf(() => plan(['id', 'name'], ['id', 'name'], { columns }))).toEqual([
      'tables.users: every column is dropped, so that no row could be loaded: skip the table',
    ]);
    // With a constant there is something to load.
    expect(
      places(plan(['id', 'name'], ['id'], { columns, add: { id: { constant: 'x' } } })),
    ).toEqual(['(constant) → id']);
  });

  it('may lose rows when it has conditions or a column with the policy skip_row', () => {
    expect(mayLose({})).toBe(false);
    expect(mayLose({ columns: { id: { policies: ['null', 'round'] } } })).toBe(false);
    expect(mayLose({ columns: { id: { policies: ['skip_row'] } } })).toBe(true);
    expect(mayLose({ where: [{ column: 'id', op: 'is_null' }] })).toBe(true);
  });
});

describe('a column of the target without a source', () => {
  const required = targetColumn('origin', 'text', { notNull: true });

  it('that is required is a blocking finding until the mapping gives it a value', () => {
    expect(brief(plan(['id'], ['id', required]))).toEqual([
      'blocking column-without-source users.origin',
    ]);
    const result = plan(['id'], ['id', required], { add: { origin: { constant: 'sqlite' } } });
    expect(result.findings).toEqual([]);
    expect(places(result)).toEqual(['id → id', '(constant) → origin']);
  });

  it.each<[unknown, TargetColumn, unknown]>([
    ['x', targetColumn('c', 'text'), 'x'],
    [null, targetColumn('c', 'text'), null],
    [true, targetColumn('c', 'bool'), 't'],
    [0, targetColumn('c', 'bool'), 'f'],
    [7, targetColumn('c', 'int2'), '7'],
    [7, targetColumn('c', 'text'), '7'],
    [2n ** 62n, targetColumn('c', 'int8'), '4611686018427387904'],
    [1.5, targetColumn('c', 'float8'), '1.5'],
    ['2024-01-02T03:04:05Z', targetColumn('c', 'timestamptz'), '2024-01-02 03:04:05+00'],
    ['{"a":1}', targetColumn('c', 'jsonb'), '{"a":1}'],
    ['NEW', targetColumn('c', targetType('state', { kind: 'enum', enumLabels: ['NEW'] })), 'NEW'],
  ])('takes the constant %s for its type', (constant, column, expected) => {
    const add = { c: { constant } } as Mapped['add'];
    const result = plan(['id'], ['id', column], { add });
    expect(result.plans[0]?.columns[1]?.convert(null, () => undefined)).toBe(expected);
  });

  it.each<[unknown, TargetColumn, RegExp]>([
    ['x', targetColumn('c', 'int4'), /^users\.c \(int4\) cannot have it: the constant is /],
    [99_999, targetColumn('c', 'int2'), /: the constant is out of range for 16 bits$/],
    [2, targetColumn('c', 'bool'), /: the constant is neither/],
    [null, targetColumn('c', 'text', { notNull: true }), /: it takes no NULL$/],
    ['x', targetColumn('c', 'tsvector'), /: there is no conversion to its type$/],
    [1_700_000_000, targetColumn('c', 'timestamptz'), /: the constant is /],
  ])('refuses the constant %s', (constant, column, expected) => {
    const add = { c: { constant } } as Mapped['add'];
    const faults = faultsOf(() => plan(['id'], ['id', column], { add }));
    expect(faults).toHaveLength(1);
    expect(faults[0]?.replace('tables.users.add.c.constant: ', '')).toMatch(expected);
  });

  it('gets its own default when the mapping says so, and must have one', () => {
    const withDefault = targetColumn('origin', 'text', { notNull: true, hasDefault: true });
    const add = { origin: { default: true } } as const;
    const result = plan(['id'], ['id', withDefault], { add });
    expect(result.findings).toEqual([]);
    expect(places(result)).toEqual(['id → id']);
    for (const column of [required, targetColumn('origin')]) {
      expect(faultsOf(() => plan(['id'], ['id', column], { add }))).toEqual([
        'tables.users.add.origin: users.origin has no default in the database',
      ]);
    }
  });

  it('is refused when there is none, when the target computes it, and when it has a source', () => {
    const computed = targetColumn('sum', 'int4', { isGenerated: true });
    const add = {
      orign: { constant: 1 },
      sum: { constant: 1 },
      ID: { default: true },
      id: { constant: 1 },
    } as const;
    expect(faultsOf(() => plan(['id'], ['id', computed, targetColumn('origin')], { add }))).toEqual(
      [
        "tables.users.add.orign: the target's table users has no column orign; did you mean origin?",
        'tables.users.add.sum: users.sum cannot be given a value: the target computes it',
        "tables.users.add.ID: the target's table users has no column ID; did you mean id?",
        'tables.users.add.id: users.id cannot be given a value: id goes there',
      ],
    );
  });
});

describe('the unit of times', () => {
  it('is asked for where a column of times may hold integers of which nobody has said it', () => {
    expect(needs([at], target)).toBe(true);
    expect(needs([manifestColumn('at', { affinity: 'numeric' })], target)).toBe(true);
    expect(needs(['at'], target)).toBe(false);
    expect(needs([at], [targetColumn('at', 'int8')])).toBe(false);
    expect(needs([at], target, {}, { madeByPrisma: true })).toBe(false);
    expect(needs([at], target, { columns: { at: { convert: 'epoch_s' } } })).toBe(false);
    expect(needs([at], target, {}, { ranges: range(1n, 2n) })).toBe(false);
  });

  it.each<[string, bigint, bigint, bigint, string]>([
    ['seconds', -1n, 1_700_000_000n, 1_700_000_000n, '2023-11-14 22:13:20+00'],
    ['milliseconds', 1n, 1_700_000_000_000n, 1_700_000_000_000n, '2023-11-14 22:13:20+00'],
    ['microseconds', 1n, 1_700_000_000_000_000n, 1_700_000_000_000_000n, '2023-11-14 22:13:20+00'],
  ])(
    'is found to be %s by the smallest and the largest integer, which is said',
    (unit, min, max, value, expected) => {
      const result = plan([at], target, {}, { ranges: range(min, max) });
      expect(converted(result, value)).toBe(expected);
      expect(result.findings).toMatchObject([{ severity: 'info', code: 'time-unit-found' }]);
      expect(result.findings[0]?.message).toMatch(
        new RegExp(`^integers are read as ${unit} since 1970: from 19[67]\\d-.* to 2023-11-14$`),
      );
    },
  );

  it.each([
    [1n, 2n],
    [-3_000_000_000n, 1_700_000_000n],
    [1_700_000_000n, 1_700_000_000_000_000_000n],
    [-(2n ** 63n), 2n ** 63n - 1n],
  ])('is not guessed where no unit fits %s to %s, and 0 is the same in all', (min, max) => {
    const result = plan([at], target, {}, { ranges: range(min, max) });
    expect(result.findings).toEqual([]);
    expect(converted(result, max)).toBe('value-unit');
    expect(converted(result, 0n)).toBe('1970-01-01 00:00:00+00');
    expect(converted(result, '2024-01-02')).toBe('2024-01-02 00:00:00+00');
  });

  it('is not looked for where there is no integer but 0', () => {
    const ranges = new Map([[columnId('users', 'at'), null]]);
    const result = plan([at], target, {}, { ranges });
    expect(result.findings).toEqual([]);
    expect(converted(result, 0n)).toBe('1970-01-01 00:00:00+00');
  });

  it('is what the mapping says, before Prisma’s milliseconds and before what the integers show', () => {
    const mapped: Mapped = { columns: { at: { convert: 'epoch_s' } } };
    for (const options of [{ madeByPrisma: true }, { ranges: range(1n, 1_700_000_000_000n) }, {}]) {
      const result = plan([at], target, mapped, options);
      expect(converted(result, 1_700_000_000n)).toBe('2023-11-14 22:13:20+00');
      expect(converted(result, '1700000000')).toBe('2023-11-14 22:13:20+00');
      expect(result.findings).toEqual([]);
    }
  });

  it('and how else times are read reach the type', () => {
    expect(read({ time_zone: 'Europe/Berlin' }, '2024-07-01 12:00')).toBe('2024-07-01 10:00:00+00');
    expect(read({ date_format: 'DD.MM.YYYY HH:mm' }, '01.07.2024 12:00')).toBe(
      '2024-07-01 12:00:00+00',
    );
    expect(
      read(
        ['trim', { date_format: 'DD.MM.YYYY HH:mm' }, { time_zone: 'Europe/Berlin' }],
        ' 01.07.2024 12:00',
      ),
    ).toBe('2024-07-01 10:00:00+00');
    expect(read('julian_day', 2_440_587.5)).toBe('1970-01-01 00:00:00+00');
    expect(read('epoch_us', -1n)).toBe('1969-12-31 23:59:59.999999+00');
  });

  it('and how else times are read can be said of times only', () => {
    for (const convert of [
      'epoch_s',
      'julian_day',
      { time_zone: 'UTC' },
      { date_format: 'YYYY-MM-DD' },
    ] as const) {
      expect(
        faultsOf(() => plan([at], [targetColumn('at', 'int8')], { columns: { at: { convert } } })),
      ).toEqual([
        'tables.users.columns.at.convert: only times and intervals have a unit, a zone or a date format, and users.at is int8',
      ]);
    }
    const span = plan([at], [targetColumn('at', 'interval')], {
      columns: { at: { convert: 'epoch_s' } },
    });
    expect(converted(span, 90n)).toBe('PT1M30S');
    const list = targetColumn(
      'at',
      targetType('_timestamptz', { kind: 'array', element: targetType('timestamptz') }),
    );
    expect(
      faultsOf(() => plan(['at'], [list], { columns: { at: { convert: { time_zone: 'UTC' } } } })),
    ).toEqual([]);
  });
});
