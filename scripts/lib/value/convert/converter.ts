import type { SqliteValue } from '../../model/values.ts';

export type NonNullValue = Exclude<SqliteValue, null>;

export type MisfitCode =
  | 'value-class'
  | 'value-range'
  | 'value-format'
  | 'value-length'
  | 'value-precision'
  | 'value-nul'
  | 'value-encoding'
  | 'value-label'
  | 'value-unit';

/** Why a value cannot become one of the target's type. */
export class Misfit {
  readonly code: MisfitCode;
  /** Follows the value in a sentence: "is out of range". */
  readonly reason: string;

  constructor(code: MisfitCode, reason: string) {
    this.code = code;
    this.reason = reason;
  }
}

/**
 * Turns a value into PostgreSQL's text input for one target type, exactly, or says why it cannot.
 * The text is not yet escaped for COPY.
 */
export type Converter = (value: NonNullValue) => string | Misfit;

/** What the artifact says of the whole database and a conversion may lean on. */
export interface ConversionContext {
  /** DateTime integers are milliseconds since 1970 when Prisma wrote them. */
  readonly madeByPrisma: boolean;
}

/** The misfit of a storage class that the type does not take. */
export function wrongClass(value: NonNullValue, typeName: string): Misfit {
  const names = { bigint: 'INTEGER', number: 'REAL', string: 'TEXT', object: 'BLOB or bytes' };
  const name = names[typeof value as keyof typeof names];
  return new Misfit('value-class', `is ${name}, which ${typeName} does not take`);
}
