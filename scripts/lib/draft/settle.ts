import type { Finding } from '../model/findings.ts';
import { assembleDraft, initialState, type DraftState } from './assemble.ts';
import type { Refusal, TypeChoice } from './choices.ts';
import { columnId, type DraftSource } from './input.ts';
import type { DraftedSchema, DraftedTable } from './model.ts';
import { foreignKeyId } from './relations.ts';

/** Holds all rows against a draft; gives what an import would find. */
export type HoldAgainst = (schema: DraftedSchema) => Promise<readonly Finding[]>;

/**
 * Drafts a schema that takes every row: what the rows do not fit is drafted otherwise, until nothing
 * is found any more. Each round gives up a type or a key, so there is an end.
 */
export async function settleDraft(
  source: DraftSource,
  holdAgainst: HoldAgainst,
): Promise<DraftedSchema> {
  let state = initialState(source);
  for (;;) {
    const schema = assembleDraft(source, state);
    const findings = (await holdAgainst(schema)).filter(({ severity }) => severity === 'blocking');
    if (findings.length === 0) return schema;
    state = settled(state, schema, findings);
  }
}

/** The state without what was found not to fit; types first, for the keys depend on them. */
function settled(
  state: DraftState,
  schema: DraftedSchema,
  findings: readonly Finding[],
): DraftState {
  const moved = giveUpTypes(state.choices, findings);
  if (moved) return state;
  const keys = new Map(state.brokenKeys);
  const references = new Map(state.brokenReferences);
  for (const finding of findings) noteBroken(finding, schema, keys, references);
  if (keys.size + references.size === state.brokenKeys.size + state.brokenReferences.size) {
    const [first] = findings;
    throw new Error(`the draft does not settle: ${first?.code ?? ''} ${first?.message ?? ''}`);
  }
  return { ...state, brokenKeys: keys, brokenReferences: references };
}

/** @returns whether any type was given up */
function giveUpTypes(choices: readonly TypeChoice[], findings: readonly Finding[]): boolean {
  const refusals = findings.flatMap((finding) => refusalOf(finding) ?? []);
  const moved = new Set<TypeChoice>();
  for (const refusal of refusals) {
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
  return moved.size > 0;
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
  { where, total }: Finding,
  { tables }: DraftedSchema,
  keys: Map<string, string>,
  references: Map<string, string>,
): void {
  const table = tables.find(({ source }) => source.name === where.table);
  const name = where.constraint;
  if (table === undefined || name === undefined) return;
  const reason = `${total.toLocaleString('en-US')} rows would break it, for PostgreSQL compares the drafted type otherwise than SQLite its values`;
  const unique = uniqueKeysOf(table).find(({ constraint }) => constraint.name === name);
  if (unique !== undefined) keys.set(columnId(table.source.name, ...unique.columns), reason);
  const reference = table.foreignKeys.find(({ constraint }) => constraint.name === name);
  if (reference !== undefined) {
    references.set(foreignKeyId(table.source.name, reference.source), reason);
  }
}

function uniqueKeysOf({ primaryKey, uniqueKeys }: DraftedTable): DraftedTable['uniqueKeys'] {
  return [...(primaryKey === null ? [] : [primaryKey]), ...uniqueKeys];
}
