import { describe, expect, it } from 'vitest';
import type { ManifestForeignKey, ManifestTable } from '../../../scripts/lib/artifact/manifest.ts';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import { resolveMapping } from '../../../scripts/lib/mapping/resolve.ts';
import { manifestTable } from '../../support/catalogs.ts';
import { faultsOf, mappingOf } from '../../support/mapping.ts';

/** `columns → parent (columns)`: a foreign key, which the source can check unless it says otherwise. */
function key(
  columns: string,
  parentTable: string,
  parentColumns: string,
  parent: ManifestForeignKey['parent'] = 'exists',
): ManifestForeignKey {
  return {
    columns: columns.split(' '),
    parentTable,
    parentColumns: parentColumns.split(' '),
    parent,
    onDelete: 'NO ACTION',
    onUpdate: 'NO ACTION',
  };
}

function table(name: string, columns: string, ...foreignKeys: ManifestForeignKey[]): ManifestTable {
  return manifestTable(name, columns.split(' '), { foreignKeys });
}

/** `table.column: steps` of every column that has any. */
function followed(source: readonly ManifestTable[], tables: MappingFile['tables']): string[] {
  const resolved = resolveMapping(mappingOf(tables), {
    madeByPrisma: false,
    encoding: 'UTF-8',
    tables: source,
  });
  return [...resolved].flatMap(([name, { columns }]) =>
    [...columns].flatMap(([column, { steps }]) =>
      steps.length === 0
        ? []
        : [`${name}.${column}: ${steps.map(({ change }) => change).join(' ')}`],
    ),
  );
}

const uuid = { convert: { uuid_v5: 'dns' } } as const;

describe('a foreign key', () => {
  it('follows the key that it refers to, whether its table is in the mapping or not', () => {
    const source = [
      table('users', 'id'),
      table(
        'posts',
        'id author_id editor_id',
        key('author_id', 'users', 'id'),
        key('editor_id', 'users', 'id'),
      ),
      table('likes', 'user_id', key('user_id', 'users', 'id')),
    ];
    expect(
      followed(source, { users: { columns: { id: uuid } }, likes: { target: 'hearts' } }),
    ).toEqual([
      'users.id: uuid_v5',
      'likes.user_id: uuid_v5',
      'posts.author_id: uuid_v5',
      'posts.editor_id: uuid_v5',
    ]);
  });

  it('keeps what else the mapping says of its column', () => {
    const source = [table('users', 'id'), table('posts', 'author', key('author', 'users', 'id'))];
    const mapping = mappingOf({
      users: { columns: { id: { convert: ['trim', { uuid_v5: 'dns' }] } } },
      posts: { columns: { author: { target: 'author_id', policies: ['null'] } } },
    });
    const author = resolveMapping(mapping, {
      madeByPrisma: false,
      encoding: 'UTF-8',
      tables: source,
    })
      .get('posts')
      ?.columns.get('author');
    expect(author).toMatchObject({ target: 'author_id', policies: new Set(['null']) });
    expect(author?.steps.map(({ change }) => change)).toEqual(['trim', 'uuid_v5']);
  });

  it('follows through any number of tables', () => {
    // The last one comes first, so that nothing depends on the order.
    const source = [
      table('d', 'id', key('id', 'c', 'id')),
      table('c', 'id', key('id', 'b', 'id')),
      table('b', 'id', key('id', 'a', 'id')),
      table('a', 'id'),
    ];
    expect(followed(source, { a: { columns: { id: uuid } } }).toSorted()).toEqual([
      'a.id: uuid_v5',
      'b.id: uuid_v5',
      'c.id: uuid_v5',
      'd.id: uuid_v5',
    ]);
  });

  it('follows column by column when it is composite', () => {
    const source = [
      table('tenants', 'id'),
      table('users', 'tenant id', key('tenant', 'tenants', 'id')),
      table(
        'posts',
        'tenant author',
        key('tenant author', 'users', 'tenant id'),
        key('tenant', 'tenants', 'id'),
      ),
    ];
    expect(
      followed(source, {
        tenants: { columns: { id: { convert: 'lower_case' } } },
        users: { columns: { id: uuid } },
      }),
    ).toEqual([
      'tenants.id: lower_case',
      'users.id: uuid_v5',
      'users.tenant: lower_case',
      'posts.tenant: lower_case',
      'posts.author: uuid_v5',
    ]);
  });

  it('follows within its own table, and around a cycle', () => {
    const source = [
      table('staff', 'id boss team', key('boss', 'staff', 'id'), key('team', 'teams', 'id')),
      table('teams', 'id lead', key('lead', 'staff', 'id')),
      table('pairs', 'id other', key('id', 'pairs', 'other'), key('other', 'pairs', 'id')),
    ];
    expect(
      followed(source, { staff: { columns: { id: uuid } }, pairs: { columns: { id: uuid } } }),
    ).toEqual([
      'staff.id: uuid_v5',
      'staff.boss: uuid_v5',
      'pairs.id: uuid_v5',
      'pairs.other: uuid_v5',
      'teams.lead: uuid_v5',
    ]);
  });

  it('does not follow where it has conversions of its own', () => {
    const source = [table('users', 'id'), table('posts', 'author', key('author', 'users', 'id'))];
    expect(
      followed(source, {
        users: { columns: { id: uuid } },
        posts: { columns: { author: { convert: 'trim' } } },
      }),
    ).toEqual(['users.id: uuid_v5', 'posts.author: trim']);
  });

  it('does not take over what stands for NULL', () => {
    const source = [table('users', 'id'), table('posts', 'author', key('author', 'users', 'id'))];
    const convert = [{ if_null: 'nobody' }, 'lower_case'] as const;
    expect(followed(source, { users: { columns: { id: { convert: [...convert] } } } })).toEqual([
      'users.id: if_null lower_case',
      'posts.author: lower_case',
    ]);
  });

  it('does not follow a table that is not there, or a key that is none', () => {
    const source = [
      table('users', 'id'),
      table(
        'posts',
        'a b',
        key('a', 'users', 'id', 'no-such-key'),
        key('b', 'gone', 'id', 'no-such-table'),
      ),
    ];
    expect(followed(source, { users: { columns: { id: uuid } } })).toEqual(['users.id: uuid_v5']);
  });
});

describe('a column that refers to two keys', () => {
  const source = [
    table('people', 'id'),
    table('firms', 'id'),
    table('owners', 'id', key('id', 'people', 'id'), key('id', 'firms', 'id')),
  ];
  const people = { columns: { id: uuid } };

  it('follows both when they are converted alike, however that is written', () => {
    const firms = {
      columns: { id: { convert: { uuid_v5: '6ba7b810-9dad-11d1-80b4-00c04fd430c8' } } },
    };
    expect(followed(source, { people, firms })).toContain('owners.id: uuid_v5');
  });

  it.each([
    ['converted otherwise', { columns: { id: { convert: { uuid_v5: 'url' } } } }],
    ['not converted', {}],
  ])('is refused when one of them is %s', (_, firms) => {
    expect(faultsOf(() => followed(source, { people, firms }))).toEqual([
      'tables.owners.columns.id: owners.id refers to people.id and to firms.id, which are not converted alike: convert both in the same way, or give this column conversions of its own',
    ]);
  });

  it('is the mapping’s to decide when it has conversions of its own, or is dropped', () => {
    expect(followed(source, { people, owners: { columns: { id: { convert: 'trim' } } } })).toEqual([
      'people.id: uuid_v5',
      'owners.id: trim',
    ]);
    expect(followed(source, { people, owners: { columns: { id: { drop: 'old' } } } })).toEqual([
      'people.id: uuid_v5',
    ]);
  });

  it('follows the other when one of the tables is skipped', () => {
    expect(followed(source, { people, firms: { skip: 'sold' } })).toContain('owners.id: uuid_v5');
  });

  it('is refused for each such column', () => {
    const more = [
      ...source,
      table('heirs', 'id', key('id', 'people', 'id'), key('id', 'firms', 'id')),
    ];
    expect(faultsOf(() => followed(more, { people }))).toHaveLength(2);
  });
});
