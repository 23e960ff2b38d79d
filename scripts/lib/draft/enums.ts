import { foldName } from '../source/names.ts';
import type { SourceTable } from '../model/source-catalog.ts';
import { definitionOf, columnId, type DraftSource } from './input.ts';
import { enumDatabaseName } from './names/database-names.ts';
import { enumName, labelName, nameTaker, type NameTaker } from './names/identifiers.ts';
import { singular, snakeCase, withLast, wordsOf } from './names/words.ts';
import type { DraftedEnum } from './model.ts';
import { parseExpression, type Expression } from './sql/expression.ts';

/** A label's bytes have a limit. Source: https://www.postgresql.org/docs/current/datatype-enum.html */
const MAX_LABEL_BYTES = 63;
/** Prisma puts labels into SQL as they are, so a quote would end one. */
// oxlint-disable-next-line no-control-regex
const UNWRITABLE = /['"\\\u0000-\u001f\u007f]/;
const MAX_LABELS = 100;

/**
 * The enums for columns whose CHECK lists their texts, by {@link columnId}.
 *
 * @param takeName takes a name of a model or enum
 * @param usedNames names that PostgreSQL's schema has given out; those of the enums are added
 */
export function draftEnums(
  source: DraftSource,
  takeName: NameTaker,
  usedNames: Set<string>,
): Map<string, DraftedEnum> {
  const enums = new Map<string, DraftedEnum>();
  for (const table of source.tables) {
    for (const { sql } of definitionOf(source, table.name).checks) {
      const listed = listedTexts(parseExpression(sql), table);
      if (listed === null || enums.has(columnId(table.name, listed.column))) continue;
      const words = [...withLast(wordsOf(table.name), singular), ...wordsOf(listed.column)];
      const name = takeName(enumName(words));
      const databaseName = enumDatabaseName(snakeCase(words) || 'enum', usedNames);
      const takeLabel = nameTaker();
      enums.set(columnId(table.name, listed.column), {
        name,
        databaseName,
        labels: listed.texts.map((value) => ({ name: takeLabel(labelName(value)), value })),
      });
    }
  }
  return enums;
}

interface ListedTexts {
  readonly column: string;
  readonly texts: readonly string[];
}

/** The column and its texts where a condition is `x IN ('a', 'b')`, NULL allowed or not. */
function listedTexts(expression: Expression | null, table: SourceTable): ListedTexts | null {
  if (expression?.kind === 'binary' && expression.operator === 'or') {
    return isNullTest(expression.left)
      ? listedTexts(expression.right, table)
      : isNullTest(expression.right)
        ? listedTexts(expression.left, table)
        : null;
  }
  if (expression?.kind !== 'in' || expression.isNot || expression.operand.kind !== 'column') {
    return null;
  }
  const { name } = expression.operand;
  const column = table.columns.find((candidate) => foldName(candidate.name) === foldName(name));
  // With NULL among them the condition holds for whatever else there is.
  const texts = expression.items.map((item) => (item.kind === 'text' ? item.text : ''));
  const isSayable =
    texts.length <= MAX_LABELS &&
    new Set(texts).size === texts.length &&
    texts.every(
      (text) => text !== '' && !UNWRITABLE.test(text) && Buffer.byteLength(text) <= MAX_LABEL_BYTES,
    );
  const mayHoldTexts = column?.affinity === 'text' || column?.affinity === 'blob';
  const isBinary = column?.collation === 'BINARY' && column.generated === null;
  return mayHoldTexts && isBinary && isSayable ? { column: column.name, texts } : null;
}

function isNullTest(expression: Expression): boolean {
  return (
    expression.kind === 'binary' && expression.operator === 'is' && expression.right.kind === 'null'
  );
}
