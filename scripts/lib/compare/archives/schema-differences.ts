import type { SchemaDifference } from '../../model/archive-comparison.ts';
import type { Side, SideTable } from './side.ts';

type Kind = SchemaDifference['kind'];
/** What a side has of one kind: each thing's name, and a description that differs whenever the thing does. */
type Described = ReadonlyMap<string, string>;

/**
 * Everything in which two sides differ beside their rows. What a `VACUUM` or another journal mode
 * changes is none of it.
 */
export function schemaDifferences(before: Side, after: Side): SchemaDifference[] {
  const earlier = tablesOf(before);
  const later = tablesOf(after);
  const common = before.tables.flatMap((table) => {
    const other = after.tables.find(({ name }) => name === table.name);
    return other === undefined ? [] : [[table, other] as const];
  });
  return [
    ...differences('database', null, describeDatabase(before), describeDatabase(after)),
    ...differences('table', null, presence(earlier), presence(later)),
    ...common.flatMap(([was, is]) => tableDifferences(was, is)),
    ...differences('definition', null, inBoth(earlier, later), inBoth(later, earlier)),
    ...(['index', 'view', 'trigger'] as const).flatMap((type) =>
      differences(type, null, statementsOf(before, type), statementsOf(after, type)),
    ),
  ];
}

function describeDatabase({ encoding, userVersion, applicationId }: Side): Described {
  return new Map([
    ['encoding', encoding],
    ['user_version', String(userVersion)],
    ['application_id', String(applicationId)],
  ]);
}

/** The statements of one kind, by the name of what they make. */
function statementsOf(side: Side, type: Side['statements'][number]['type']): Described {
  const statements = side.statements.filter((statement) => statement.type === type);
  return new Map(statements.map(({ name, sql }) => [name, sql]));
}

/** Every table with its definition: virtual ones and those that the export left out have no rows here. */
function tablesOf(side: Side): Described {
  return new Map([
    ...side.tables.map(({ name }) => [name, ''] as const),
    ...statementsOf(side, 'table'),
  ]);
}

function presence(tables: Described): Described {
  return new Map([...tables.keys()].map((name) => [name, '']));
}

function inBoth(tables: Described, others: Described): Described {
  return new Map([...tables].filter(([name]) => others.has(name)));
}

function tableDifferences(before: SideTable, after: SideTable): SchemaDifference[] {
  const parts: readonly [Kind, (table: SideTable) => Described][] = [
    ['column', describeColumns],
    ['primary-key', describePrimaryKey],
    ['unique-key', describeUniqueKeys],
    ['foreign-key', describeForeignKeys],
    ['table-option', describeOptions],
    ['autoincrement', describeAutoincrement],
  ];
  return [
    ...parts.flatMap(([kind, describe]) =>
      differences(kind, before.name, describe(before), describe(after)),
    ),
    ...differences(
      'column-order',
      before.name,
      describeColumnOrder(before, after),
      describeColumnOrder(after, before),
    ),
  ];
}

function describeColumns({ columns }: SideTable): Described {
  return new Map(
    columns.map((column) => [
      column.name,
      [
        column.declaredType === '' ? 'no type' : column.declaredType,
        ...(column.notNull ? ['NOT NULL'] : []),
        ...(column.default === null ? [] : [`DEFAULT ${column.default}`]),
        ...(column.collation === 'BINARY' ? [] : [`COLLATE ${column.collation ?? '(unknown)'}`]),
        ...(column.generated === null ? [] : [`GENERATED ${column.generated.toUpperCase()}`]),
      ].join(' '),
    ]),
  );
}

function describeColumnOrder({ columns }: SideTable, other: SideTable): Described {
  const names = columns
    .map(({ name }) => name)
    .filter((name) => other.columns.some((column) => column.name === name));
  return new Map([['columns', names.join(', ')]]);
}

function describePrimaryKey({ primaryKey }: SideTable): Described {
  return new Map(primaryKey.length === 0 ? [] : [['primary key', `(${primaryKey.join(', ')})`]]);
}

function describeUniqueKeys({ uniqueKeys }: SideTable): Described {
  return new Map(
    uniqueKeys
      .filter(({ origin }) => origin !== 'primary-key')
      .map(({ columns }) => {
        const names = columns.map(({ name, collation }) =>
          collation === 'BINARY' ? name : `${name} COLLATE ${collation}`,
        );
        return [`(${names.join(', ')})`, ''];
      }),
  );
}

function describeForeignKeys({ foreignKeys }: SideTable): Described {
  return new Map(
    foreignKeys.map(({ columns, parentTable, parentColumns, onDelete, onUpdate }) => [
      `(${columns.join(', ')}) → ${parentTable} (${parentColumns.join(', ')})`,
      `ON DELETE ${onDelete} ON UPDATE ${onUpdate}`,
    ]),
  );
}

function describeOptions({ withoutRowid, strict }: SideTable): Described {
  return new Map([
    ...(withoutRowid ? ([['WITHOUT ROWID', '']] as const) : []),
    ...(strict ? ([['STRICT', '']] as const) : []),
  ]);
}

function describeAutoincrement({ autoincrementMark }: SideTable): Described {
  return new Map(autoincrementMark === null ? [] : [['AUTOINCREMENT', autoincrementMark]]);
}

function differences(
  kind: Kind,
  table: string | null,
  before: Described,
  after: Described,
): SchemaDifference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const was = before.get(name);
    const is = after.get(name);
    if (was === is) return [];
    const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    return [{ kind, table, name, change, before: was ?? null, after: is ?? null }];
  });
}
