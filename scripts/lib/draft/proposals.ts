import type { ColumnCensus, TextCensus } from '../model/census.ts';
import { isJsonColumn } from '../source/content-hints.ts';
import { isInKey } from './choices.ts';
import type { Decisions } from './decisions.ts';
import { censusOf, type DraftSource } from './input.ts';
import type { DraftedColumn, DraftedTable } from './model.ts';
import { describeEpoch } from './types/describe-values.ts';
import { valueCount } from './types/evidence.ts';

/** What the values suggest and the draft does not take, and how values are read that say it by half. */
export function proposeFor(table: DraftedTable, source: DraftSource, decisions: Decisions): void {
  for (const column of table.columns) {
    const census = censusOf(source, table.source.name, column.source.name);
    const add = (kind: 'proposal' | 'guess', text: string): void =>
      decisions.add(kind, table.source.name, [column.source.name], { text });
    if (valueCount(census) === 0) continue;
    const suggestion = suggestionFor(column, census) ?? enumSuggestion(source, table, column);
    if (suggestion !== null) add('proposal', suggestion);
    const zoneless = census.texts?.timesWithoutZone ?? 0;
    if (column.type.postgres.name === 'timestamptz' && zoneless > 0) {
      add(
        'guess',
        `${counted(zoneless)} texts name no zone and are read as UTC; "convert": {"time_zone": …} in the mapping says another`,
      );
    }
  }
  proposeRequired(table, source, decisions);
}

function suggestionFor({ type }: DraftedColumn, census: ColumnCensus): string | null {
  const { integers, texts } = census;
  const epoch = describeEpoch(census);
  if (type.family === 'integer' && epoch !== null && integers?.count === valueCount(census)) {
    return `could hold times, in ${epoch}: DateTime, with "convert": "epoch_${integers.epoch ?? ''}" in the mapping`;
  }
  if (type.postgres.name !== 'text' && type.postgres.name !== 'varchar') return null;
  if (texts === null || texts.count !== valueCount(census)) return null;
  return textSuggestion(texts);
}

function textSuggestion(texts: TextCensus): string | null {
  const { count } = texts;
  const all = `all ${counted(count)} texts`;
  if (isJsonColumn(texts)) {
    const empty = texts.empty === 0 ? '' : ', or empty ("convert": "empty_to_null")';
    return `${all} are JSON${empty}: Json would check and index it, and the application would get values and no text`;
  }
  if (texts.uuids === count) return `${all} are UUIDs: @db.Uuid takes half the space`;
  if (texts.dates === count) return `${all} are days: DateTime @db.Date`;
  if (texts.dates + texts.timesWithZone + texts.timesWithoutZone === count) {
    return `${all} are times: DateTime @db.Timestamptz(3)`;
  }
  if (texts.integers === count) return `${all} are whole numbers: Int or BigInt`;
  return null;
}

/** Fewer rows say little. */
const ROWS_TO_JUDGE = 20;
const LONGEST_LABEL = 40;

function enumSuggestion(
  { fewTexts }: DraftSource,
  { source }: DraftedTable,
  { source: column, type }: DraftedColumn,
): string | null {
  if (type.family !== 'text' || isInKey(source, column.name)) return null;
  const isReference = source.foreignKeys.some(({ columns }) => columns.includes(column.name));
  const few = isReference ? undefined : fewTexts.get(source.name)?.get(column.name);
  if (few === undefined) return null;
  return `holds ${few} different texts in many rows: an enum could list them`;
}

/** Whether so many rows of short texts may be worth a look for few different ones. */
export function mayHoldFewTexts({ texts }: ColumnCensus): boolean {
  return texts !== null && texts.count >= ROWS_TO_JUDGE && texts.longestCharacters <= LONGEST_LABEL;
}

/** Columns that may be NULL and never are. */
function proposeRequired(table: DraftedTable, source: DraftSource, decisions: Decisions): void {
  const filled = table.columns.filter(({ source: column, isOptional, generatedSql }) => {
    const census = censusOf(source, table.source.name, column.name);
    const isFilled = census.nulls === 0 && valueCount(census) >= ROWS_TO_JUDGE;
    return isOptional && generatedSql === null && isFilled;
  });
  if (filled.length === 0) return;
  decisions.add(
    'proposal',
    table.source.name,
    filled.map(({ source: column }) => column.name),
    { text: 'optional as declared, and NULL in no row: could be required' },
  );
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}
