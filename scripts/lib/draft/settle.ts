import type { Finding } from '../model/findings.ts';
import { assembleDraft, initialState } from './assemble.ts';
import type { Refusal, TypeChoice } from './choices.ts';
import { columnId, type DraftSource } from './input.ts';
import type { ConstraintName, DraftedSchema, DraftedTable } from './model.ts';
import { foreignKeyId } from './relations.ts';

/** Holds the rows of these tables against a draft; gives what an import would find. */
export type HoldAgainst = (
  schema: DraftedSchema,
  tables: ReadonlySet<string>,
) => Promise<readonly Finding[]>;

/**
 * Drafts a schema that takes every row: what the rows do not fit is drafted otherwise, until nothing
 * is found any more. Each round gives up a type or a key, so there is an end; after the first one only
 * tables with other types are looked at again.
 */
export async function settleDraft(
  source: DraftSource,
  holdAgainst: HoldAgainst,
): Promise<DraftedSchema> {
  const state = initialState(source);
  const keys = new Map<string, string>();
  const references = new Map<string, string>();
  let open: ReadonlySet<string> = new Set(source.tables.map(({ name }) => name));
  while (open.size > 0) {
    const schema = assembleDraft(source, {
      ...state,
      brokenKeys: keys,
      brokenReferences: references,
    });
    const findings = await holdAgainst(schema, open);
    const blocking = findings.filter(({ severity }) => severity === 'blocking');
    const changed = giveUpTypes(state.choices, blocking);
    // Keys of tables whose types change are judged anew.
    const settled = blocking.filter(({ where }) => !changed.has(where.table ?? ''));
    for (const finding of settled) noteBroken(finding, schema, keys, references);
    open = changed;
  }
  return assembleDraft(source, { ...state, brokenKeys: keys, brokenReferences: references });
}

/** @returns the tables in which columns get other types */
function giveUpTypes(
  choices: readonly TypeChoice[],
  findings: readonly Finding[],
): ReadonlySet<string> {
  const moved = new Set<TypeChoice>();
  for (const refusal of findings.flatMap((finding) => refusalOf(finding) ?? [])) {
    const choice = choices.find(({ group }) =>
      group.members.some(
        ({ table, column }) => table.name === refusal.table && column.name === refusal.column,
      ),
    );
    if (choice === undefined) continue;
    if (!moved.has(choice)) choice.tried += 1;
    moved.add(choice);
    choice.refusals.push(refusal);
  }
  return new Set([...moved].flatMap(({ group }) => group.members.map(({ table }) => table.name)));
}

function refusalOf({ code, message, where, total, examples }: Finding): Refusal | null {
  const { table, column } = where;
  if (!code.startsWith('value-') || table === undefined || column === undefined) return null;
  const rowKeys = examples.flatMap(({ rowKey }) => rowKey ?? []).slice(0, MAX_KEYS);
  return { table, column, message, total, rowKeys };
}

const MAX_KEYS = 5;

/** Notes a key that rows break; the kind of key is that of the constraint's name. */
function noteBroken(
  { code, message, where, total }: Finding,
  { tables }: DraftedSchema,
  keys: Map<string, string>,
  references: Map<string, string>,
): void {
  const table = tables.find(({ source }) => source.name === where.table);
  const isNamed = ({ constraint }: { readonly constraint: ConstraintName }): boolean =>
    constraint.name === where.constraint;
  const unique = table === undefined ? undefined : uniqueKeysOf(table).find(isNamed);
  const reference = table?.foreignKeys.find(isNamed);
  const reason = `rows would break it (${total.toLocaleString('en-US')}), for PostgreSQL compares the drafted type otherwise than SQLite its values`;
  if (table !== undefined && unique !== undefined) {
    keys.set(columnId(table.source.name, ...unique.columns), reason);
  } else if (table !== undefined && reference !== undefined) {
    references.set(foreignKeyId(table.source.name, reference.source), reason);
  } else {
    throw new Error(`the draft cannot answer ${code}: ${message}`);
  }
}

function uniqueKeysOf({ primaryKey, uniqueKeys }: DraftedTable): DraftedTable['uniqueKeys'] {
  return [...(primaryKey === null ? [] : [primaryKey]), ...uniqueKeys];
}
