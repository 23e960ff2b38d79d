import type {
  ConversionContext,
  NonNullValue,
} from '../../../scripts/lib/value/convert/converter.ts';

/** Values for a column of one type and what it must hold of each. */
export interface Exact {
  readonly type: string;
  readonly read: string;
  readonly context?: Partial<ConversionContext>;
  /** A value and what PostgreSQL must hold; null: it must be refused. */
  readonly cases: readonly (readonly [value: NonNullValue, held: string | null])[];
}

/** Texts that trip COPY and its readers. */
export const AWKWARD_TEXTS = [
  '',
  ' ',
  String.raw`\N`,
  String.raw`\.`,
  'a\tb\nc\rd\\e"f\'g',
  '\u0001\u007f\u2028\u2029\uFEFF\uFFFD',
  '😀é',
  'NULL',
];
