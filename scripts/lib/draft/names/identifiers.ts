import { camelCase, pascalCase, plural, singular, withLast, wordsOf } from './words.ts';

/** Gives out each name once: a name that is taken gets a number. */
export type NameTaker = (wanted: string) => string;

/** Names are taken without regard to case, as file systems and some tools have them. */
export function nameTaker(taken: Iterable<string> = []): NameTaker {
  const known = new Set([...taken].map(fold));
  return (wanted) => {
    let name = wanted;
    for (let number = 2; known.has(fold(name)); number++) name = `${wanted}${number}`;
    known.add(fold(name));
    return name;
  };
}

function fold(name: string): string {
  return name.toLowerCase();
}

/**
 * Prisma's own types, its client's, and TypeScript's that the generated client names: a model or an enum
 * of such a name is refused, or hides what the client needs.
 */
const RESERVED_TYPES: ReadonlySet<string> = new Set(
  (
    'String Boolean Int BigInt Float Decimal DateTime Json Bytes Unsupported Prisma PrismaClient ' +
    'Object Array Promise Date Error Symbol Record Function Map Set Buffer Number Uint8Array ' +
    'Partial Pick Omit Exclude Extract Readonly Required ReturnType Awaited Iterable Null Any'
  )
    .split(' ')
    .map(fold),
);

/** What stands in the place of a name without a single Latin letter or digit. */
const NAMELESS = { model: 'Table', enum: 'Enum', field: 'column', label: 'VALUE' } as const;

/** The name of a model, before clashes are resolved: PascalCase, singular. */
export function modelName(table: string): string {
  const name = pascalCase(withLast(wordsOf(table), singular));
  const valid = startingWithLetter(name, NAMELESS.model);
  return RESERVED_TYPES.has(fold(valid)) ? `${valid}Record` : valid;
}

/** The name of an enum, before clashes are resolved: PascalCase. */
export function enumName(words: readonly string[]): string {
  const valid = startingWithLetter(pascalCase(words), NAMELESS.enum);
  return RESERVED_TYPES.has(fold(valid)) ? `${valid}Enum` : valid;
}

/** The name of a field, before clashes are resolved: camelCase. */
export function fieldName(column: string): string {
  return startingWithLetter(camelCase(wordsOf(column)), NAMELESS.field);
}

/** Several of a model, as a field: `orderLines`. */
export function listFieldName(model: string): string {
  return camelCase(withLast(wordsOf(model), plural));
}

/** One of a model, as a field: `orderLine`. */
export function singleFieldName(model: string): string {
  return camelCase(wordsOf(model));
}

const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_]*$/;

/** The name of an enum's label, before clashes are resolved: as the value has it where Prisma can say it. */
export function labelName(value: string): string {
  if (IDENTIFIER.test(value)) return value;
  return startingWithLetter(
    wordsOf(value)
      .map((word) => word.toUpperCase())
      .join('_'),
    NAMELESS.label,
  );
}

function startingWithLetter(name: string, otherwise: string): string {
  if (name === '') return otherwise;
  return /^[A-Za-z]/.test(name) ? name : `${otherwise}${name}`;
}
