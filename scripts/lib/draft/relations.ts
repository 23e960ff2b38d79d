import type { SourceForeignKey } from '../model/source-catalog.ts';
import type { Decisions } from './decisions.ts';
import { columnId, definitionOf, type DraftSource } from './input.ts';
import { constraintName } from './keys.ts';
import type { DraftedForeignKey, DraftedRelationField, DraftedTable } from './model.ts';
import { listFieldName, singleFieldName } from './names/identifiers.ts';
import { pascalCase, wordsOf } from './names/words.ts';
import { columnsId } from './sql/table-definition.ts';
import type { DraftNames } from './table-names.ts';

/** Foreign keys that rows would break in PostgreSQL, by {@link columnId}, and what was found. */
export type BrokenKeys = ReadonlyMap<string, string>;

/** The key of a foreign key in {@link BrokenKeys}. */
export function foreignKeyId(
  table: string,
  { columns, parentTable, parentColumns }: SourceForeignKey,
): string {
  return columnId(table, ...columns, '→', parentTable, ...parentColumns);
}

/** Drafts the foreign keys of a table, now that the keys of all tables are drafted. */
export function draftForeignKeys(
  source: DraftSource,
  table: DraftedTable,
  tables: ReadonlyMap<string, DraftedTable>,
  more: { readonly used: Set<string>; readonly broken: BrokenKeys; readonly decisions: Decisions },
): DraftedForeignKey[] {
  const { used, broken, decisions } = more;
  const known = new Set<string>();
  const { deferred } = definitionOf(source, table.source.name);
  return table.source.foreignKeys.flatMap((key) => {
    const id = foreignKeyId(table.source.name, key);
    if (known.has(id)) return [];
    known.add(id);
    const reason = reasonAgainst(key, table, tables) ?? broken.get(id);
    if (reason !== undefined) {
      decisions.add('not-kept', table.source.name, key.columns, {
        text: `the foreign key to ${key.parentTable} (${key.parentColumns.join(', ')}) is left out: ${reason}`,
      });
      return [];
    }
    const constraint = constraintName({ ...table, used }, key.columns, 'fkey');
    return [{ source: key, constraint, isDeferred: deferred.has(columnsId(key.columns)) }];
  });
}

/** Why PostgreSQL cannot have the key; undefined when it can. */
function reasonAgainst(
  key: SourceForeignKey,
  table: DraftedTable,
  tables: ReadonlyMap<string, DraftedTable>,
): string | undefined {
  if (key.parent === 'no-such-table') return 'there is no such table';
  if (key.parent === 'no-such-key') return 'it refers to no primary key and to no unique key';
  const parent = tables.get(key.parentTable);
  if (parent === undefined) return 'that table is left out';
  if (new Set(key.columns).size < key.columns.length) return 'it has one column twice';
  const keys = [parent.primaryKey, ...parent.uniqueKeys].flatMap((candidate) => candidate ?? []);
  const hasKey = keys.some(({ columns }) => isSameSet(columns, key.parentColumns));
  if (!hasKey) return 'the key that it refers to is left out';
  const computed = table.columns.find(
    ({ source, generatedSql }) => generatedSql !== null && key.columns.includes(source.name),
  );
  return computed === undefined ? undefined : 'PostgreSQL computes one of its columns';
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

/** A foreign key between two drafted tables. */
interface Relation {
  readonly key: DraftedForeignKey;
  readonly child: DraftedTable;
  readonly parent: DraftedTable;
}

/** Names both sides of every foreign key. */
export function draftRelations(
  tables: readonly DraftedTable[],
  names: DraftNames,
): DraftedRelationField[] {
  const byName = new Map(tables.map((table) => [table.source.name, table]));
  const relations = tables.flatMap((child) =>
    child.foreignKeys.flatMap((key): Relation[] => {
      const parent = byName.get(key.source.parentTable);
      return parent === undefined ? [] : [{ key, child, parent }];
    }),
  );
  const take = (table: DraftedTable, wanted: string): string =>
    names.tables.get(table.source.name)?.takeField(wanted) ?? wanted;
  return relations.flatMap((relation) => {
    const { child, parent } = relation;
    const isOnly = relations.filter((other) => isBetweenSame(relation, other)).length === 1;
    const isSelf = child === parent;
    const field = take(child, childFieldName(relation));
    const back = take(parent, parentFieldName(relation, field, isOnly && !isSelf));
    const name = isOnly && !isSelf ? null : `${child.model}${pascalCase(wordsOf(field))}`;
    return bothSides(relation, field, back, name);
  });
}

function bothSides(
  { key, child, parent }: Relation,
  field: string,
  back: string,
  relation: string | null,
): DraftedRelationField[] {
  const own = child.columns.filter(({ source }) => key.source.columns.includes(source.name));
  return [
    {
      table: child.source.name,
      field,
      model: parent.model,
      form: own.some(({ isOptional }) => isOptional) ? 'optional' : 'one',
      relation,
      key,
      isIgnored: parent.isIgnored && !child.isIgnored,
    },
    {
      table: parent.source.name,
      field: back,
      model: child.model,
      form: isOneToOne({ key, child, parent }) ? 'optional' : 'list',
      relation,
      key: null,
      isIgnored: child.isIgnored && !parent.isIgnored,
    },
  ];
}

function isBetweenSame(a: Relation, b: Relation): boolean {
  return (
    (a.child === b.child && a.parent === b.parent) || (a.child === b.parent && a.parent === b.child)
  );
}

/** `author_id` → `author`; by the parent where the column's own name says no more. */
function childFieldName({ key, child, parent }: Relation): string {
  const words = columnWords(key, child);
  const isNamed = words.length > 1 && words.at(-1) === 'id';
  // Of a reference to its own table the model's name says nothing.
  const ofSelf = child === parent ? `${words.join(' ')} ${parent.model}` : parent.model;
  const name = singleFieldName(isNamed ? words.slice(0, -1).join(' ') : ofSelf);
  return child.columns.some(({ field }) => field === name) ? `${name}Relation` : name;
}

/** The words of the field of a foreign key with one column; none where it has more. */
function columnWords(key: DraftedForeignKey, child: DraftedTable): string[] {
  const [column, ...others] = key.source.columns;
  const field = child.columns.find(({ source }) => source.name === column)?.field ?? '';
  return others.length === 0 ? wordsOf(field) : [];
}

function parentFieldName(relation: Relation, field: string, isOnly: boolean): string {
  const { key, child } = relation;
  const name = isOneToOne(relation) ? singleFieldName(child.model) : listFieldName(child.model);
  const words = columnWords(key, child).filter((word) => word !== 'id');
  return isOnly ? name : `${name}By${pascalCase(words.length === 0 ? wordsOf(field) : words)}`;
}

/** The child's columns are a key of their own. */
function isOneToOne({ key, child }: Relation): boolean {
  const keys = [child.primaryKey, ...child.uniqueKeys].flatMap((candidate) => candidate ?? []);
  return keys.some(({ columns }) => isSameSet(columns, key.source.columns));
}

/** Whether a table does nothing but join two others. */
export function isJoinTable({ source: table, foreignKeys }: DraftedTable): boolean {
  const [one, other, ...more] = foreignKeys;
  if (one === undefined || other === undefined || more.length > 0) return false;
  const columns = [...one.source.columns, ...other.source.columns];
  const rest = table.columns.filter(
    ({ name }) => !columns.includes(name) && name !== table.rowidAlias,
  );
  const keys = table.uniqueKeys.map((key) => key.columns.map(({ name }) => name));
  return (
    one.source.parentTable !== other.source.parentTable &&
    rest.length === 0 &&
    keys.some((key) => isSameSet(key, columns))
  );
}

/** Whether a join table is one that Prisma itself made for two lists. */
export function isImplicitJoin({ source }: DraftedTable): boolean {
  return source.name.startsWith('_') && source.columns.map(({ name }) => name).join() === 'A,B';
}
