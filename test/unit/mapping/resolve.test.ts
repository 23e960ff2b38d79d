import { describe, expect, it } from 'vitest';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import type { TableMapping } from '../../../scripts/lib/mapping/resolved-mapping.ts';
import { resolveMapping } from '../../../scripts/lib/mapping/resolve.ts';
import { manifestTable } from '../../support/catalogs.ts';
import { faultsOf, mappingOf } from '../../support/mapping.ts';

const source = {
  madeByPrisma: false,
  encoding: 'UTF-8',
  tables: [manifestTable('users', ['id', 'email', 'created_at']), manifestTable('logs', ['id'])],
} as const;

function resolve(
  tables: MappingFile['tables'],
  namespaces: Record<string, string> = {},
): TableMapping | undefined {
  return resolveMapping(mappingOf(tables, { namespaces }), source).get('users');
}

/** What is said of `users.id`. */
function column(
  said: NonNullable<MappingFile['tables'][string]['columns']>[string],
): ReturnType<typeof resolve> {
  return resolve({ users: { columns: { id: said } } });
}

describe('a mapping whose names are those of the source', () => {
  it('is by table and column, conversions as steps, how times are read apart', () => {
    const table = resolve({
      users: {
        target: 'people',
        where: [{ column: 'email', op: 'is_not_null' }],
        columns: {
          id: {
            target: 'key',
            convert: ['trim', { time_zone: 'Europe/Berlin' }, 'lower_case', 'epoch_s'],
          },
          email: { drop: 'private' },
        },
        add: { origin: { constant: 'a' } },
      },
    });
    expect(table).toMatchObject({ target: 'people', where: [{ column: 'email' }] });
    expect(table?.columns.get('id')).toMatchObject({
      target: 'key',
      steps: [{ change: 'trim' }, { change: 'lower_case' }],
      time: { timeUnit: 's', timeZone: 'Europe/Berlin' },
    });
    expect(table?.columns.get('email')).toMatchObject({ drop: 'private' });
    expect([...(table?.add ?? [])]).toEqual([['origin', { constant: 'a' }]]);
  });

  it('takes a namespace by its name, one of RFC 9562, or any UUID', () => {
    const own = '5f0d6a0e-3c1b-4f57-9a41-7d2b8c6e1f90';
    const ids = ['mine', own, own.toUpperCase()].map(
      (uuid_v5) =>
        resolve(
          { users: { columns: { id: { convert: { uuid_v5 } } } } },
          { mine: own },
        )?.columns.get('id')?.steps[0]?.id,
    );
    expect(new Set(ids).size).toBe(1);
    for (const uuid_v5 of ['dns', 'url', 'oid', 'x500']) {
      expect(column({ convert: { uuid_v5 } })?.columns.get('id')?.steps).toHaveLength(1);
    }
  });
});

describe('a mapping is refused', () => {
  it('for every name that the source does not have, with the nearest, and all at once', () => {
    const refused = faultsOf(() =>
      resolve({
        user: { skip: 'old' },
        users: {
          where: [{ column: 'mail', op: 'is_null' }],
          columns: { Id: {}, createdAt: { convert: 'epoch_s' }, zzz: { drop: 'x' } },
        },
      }),
    );
    expect(refused).toEqual([
      'tables.user: the source has no table user; did you mean users?',
      "tables.users.where[0].column: the source's table users has no column mail; did you mean email?",
      "tables.users.columns.Id: the source's table users has no column Id; did you mean id?",
      "tables.users.columns.createdAt: the source's table users has no column createdAt; did you mean created_at?",
      "tables.users.columns.zzz: the source's table users has no column zzz",
    ]);
  });

  it.each([
    [
      { convert: { uuid_v5: 'user' } },
      'tables.users.columns.id.convert.uuid_v5: there is no namespace user; did you mean users? (a UUID, or one of users, dns, url, oid, x500)',
    ],
    [
      { convert: ['trim', { uuid_v5: '1234' }] },
      'tables.users.columns.id.convert[1].uuid_v5: there is no namespace 1234 (a UUID, or one of users, dns, url, oid, x500)',
    ],
    [
      { convert: { uuid_v5: 'constructor' } },
      'tables.users.columns.id.convert.uuid_v5: there is no namespace constructor (a UUID, or one of users, dns, url, oid, x500)',
    ],
    [
      { convert: { time_zone: 'Europe/Berln' } },
      'tables.users.columns.id.convert.time_zone: there is no time zone Europe/Berln',
    ],
    [
      { convert: { date_format: 'DD.MM' } },
      'tables.users.columns.id.convert.date_format: the date format DD.MM has ',
    ],
    [
      { convert: ['epoch_s', 'epoch_ms'] },
      'tables.users.columns.id.convert[1]: a column has one unit, one time zone and one date format',
    ],
    [
      { convert: [{ time_zone: 'UTC' }, 'trim', { time_zone: 'Europe/Berlin' }] },
      'tables.users.columns.id.convert[2]: a column has one unit, one time zone and one date format',
    ],
    [
      { drop: 'old', target: 'x' },
      'tables.users.columns.id.drop: a column that is dropped can have nothing else said of it',
    ],
  ] as const)('for %j', (said, expected) => {
    const mapped = { users: { columns: { id: said } } } as unknown as MappingFile['tables'];
    const namespaces = { users: '5f0d6a0e-3c1b-4f57-9a41-7d2b8c6e1f90' };
    const [fault, ...others] = faultsOf(() => resolve(mapped, namespaces));
    expect(others).toEqual([]);
    expect(fault?.slice(0, expected.length)).toBe(expected);
  });

  it('for a table that is skipped and spoken of', () => {
    expect(faultsOf(() => resolve({ users: { skip: 'old', target: 'people' } }))).toEqual([
      'tables.users.skip: a table that is skipped can have nothing else said of it',
    ]);
    expect(faultsOf(() => resolve({ users: { skip: 'old', target: undefined } }))).toEqual([]);
  });

  it('for a namespace that has a name of RFC 9562', () => {
    const namespaces = { dns: '5f0d6a0e-3c1b-4f57-9a41-7d2b8c6e1f90' };
    expect(faultsOf(() => resolve({}, namespaces))).toEqual([
      'namespaces.dns: dns is a namespace of RFC 9562',
    ]);
  });
});
