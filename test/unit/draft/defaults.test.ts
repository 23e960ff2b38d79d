import { expect, it } from 'vitest';
import { draftDefault } from '../../../scripts/lib/draft/defaults.ts';
import type { DraftedEnum } from '../../../scripts/lib/draft/model.ts';
import {
  BIG_INT,
  BOOLEAN,
  BYTES,
  DATE,
  FLOAT,
  INT,
  JSONB,
  TEXT,
  UUID,
  decimal,
  enumType,
  timestamp,
  varchar,
  type DraftedType,
} from '../../../scripts/lib/draft/types/drafted-type.ts';
import type { SourceColumn } from '../../../scripts/lib/model/source-catalog.ts';
import { affinityOf } from '../../../scripts/lib/source/introspect.ts';

function column(declaredType: string, defaultSql: string | null): SourceColumn {
  return {
    name: 'c',
    declaredType,
    affinity: affinityOf(declaredType, false),
    collation: 'BINARY',
    notNull: false,
    defaultSql,
    generated: null,
  };
}

const ROLE: DraftedEnum = {
  name: 'Role',
  databaseName: 'role',
  labels: [{ name: 'POWER_USER', value: 'power user' }],
};
const ROLE_TYPE = enumType('Role', 'role', ['power user']);

const SAID: readonly [string, string, DraftedType, string][] = [
  ['INT', '5', INT, '5'],
  ['INT', '(-5)', INT, '-5'],
  ['INT', "'007'", INT, '7'],
  ['INT', 'TRUE', INT, '1'],
  ['BIGINT', '9000000000', BIG_INT, '9000000000'],
  ['BOOLEAN', '1', BOOLEAN, 'true'],
  ['BOOLEAN', 'false', BOOLEAN, 'false'],
  ['BOOLEAN', "'f'", BOOLEAN, 'false'],
  ['REAL', '1.50', FLOAT, '1.50'],
  ['DECIMAL(10,2)', '00.5', decimal(10, 2), '0.5'],
  ['TEXT', "'it''s'", TEXT, `"it's"`],
  ['TEXT', '"word"', TEXT, '"word"'],
  ['TEXT', '7', TEXT, '"7"'],
  ['TEXT', "'a\"b\\c\nd'", TEXT, String.raw`"a\"b\\c\nd"`],
  ['VARCHAR(3)', "'abc'", varchar(3), '"abc"'],
  ['TEXT', "'power user'", ROLE_TYPE, 'POWER_USER'],
  ['JSON', "'{}'", JSONB, '"{}"'],
  ['BLOB', "x'00FF'", BYTES, '"AP8="'],
  ['DATETIME', 'CURRENT_TIMESTAMP', timestamp(3), 'now()'],
  ['DATETIME', "(datetime('now'))", timestamp(3), 'now()'],
  ['DATETIME', `( strftime('%Y-%m-%dT%H:%M:%fZ', "now") )`, timestamp(3), 'now()'],
  ['INTEGER', '(unixepoch())', timestamp(3), 'now()'],
  ['DATE', 'CURRENT_DATE', DATE, 'now()'],
];

it.each(SAID)('says the default of %s DEFAULT %s', (declared, sql, type, text) => {
  const drafted = type === ROLE_TYPE ? ROLE : null;
  expect(draftDefault(column(declared, sql), type, drafted)).toEqual({ text });
});

it.each([
  ['INT', '3000000000', INT],
  ['INT', "'x'", INT],
  ['INT', '(1 + 1)', INT],
  ['INT', '1.5', INT],
  ['BOOLEAN', '2', BOOLEAN],
  ['DECIMAL(10,2)', '0.555', decimal(10, 2)],
  ['DECIMAL(3,2)', '12.5', decimal(3, 2)],
  ['VARCHAR(3)', "'abcd'", varchar(3)],
  ['TEXT', "'guest'", ROLE_TYPE],
  ['TEXT', 'CURRENT_TIMESTAMP', TEXT],
  ['TEXT', '(lower(hex(randomblob(16))))', TEXT],
  ['UUID', "'2ed6657d-e927-568b-95e1-2665a8aea6a2'", UUID],
  ['JSON', "'{'", JSONB],
  ['DATETIME', "'2024-01-01'", timestamp(3)],
  ['TEXT', "'\u0001'", TEXT],
] as const)('does not say that of %s DEFAULT %s', (declared, sql, type) => {
  const drafted = type === ROLE_TYPE ? ROLE : null;
  expect(draftDefault(column(declared, sql), type, drafted)).toBeNull();
});

it('has none where the source has none', () => {
  expect(draftDefault(column('INT', null), INT, null)).toBe('none');
  expect(draftDefault(column('INT', '(NULL)'), INT, null)).toBe('none');
});
