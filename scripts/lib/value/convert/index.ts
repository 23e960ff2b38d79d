import type { TargetType } from '../../model/target-catalog.ts';
import type { ConversionContext, Converter } from './converter.ts';
import { dateConverter, timestampConverter } from './instants.ts';
import {
  booleanConverter,
  doubleConverter,
  integerConverter,
  numericConverter,
} from './numbers.ts';
import {
  byteaConverter,
  enumConverter,
  jsonConverter,
  textConverter,
  uuidConverter,
} from './texts.ts';

const NO_MODIFIER = -1;
/** varchar, char and numeric store their modifier with this much added (VARHDRSZ). */
const HEADER = 4;

/** The converter for a target type, or undefined when the toolkit knows none for it. */
export function converterFor(type: TargetType, context: ConversionContext): Converter | undefined {
  if (type.kind === 'enum') return enumConverter(type.display, type.enumLabels);
  if (type.kind !== 'base') return undefined;
  switch (type.name) {
    case 'int2':
      return integerConverter(16);
    case 'int4':
      return integerConverter(32);
    case 'int8':
      return integerConverter(64);
    case 'float8':
      return doubleConverter;
    case 'numeric':
      return numericConverter(numericLimits(type.modifier));
    case 'bool':
      return booleanConverter;
    case 'text':
      return textConverter('text', null);
    case 'varchar':
    case 'bpchar':
      return textConverter(
        type.display,
        type.modifier === NO_MODIFIER ? null : type.modifier - HEADER,
      );
    case 'timestamp':
    case 'timestamptz':
      return timestampConverter(
        type.name === 'timestamptz',
        type.modifier === NO_MODIFIER ? 6 : type.modifier,
        context,
      );
    case 'date':
      return dateConverter(context);
    case 'json':
    case 'jsonb':
      return jsonConverter;
    case 'bytea':
      return byteaConverter;
    case 'uuid':
      return uuidConverter;
    default:
      return undefined;
  }
}

/** Source: numeric_typmod_precision and numeric_typmod_scale in PostgreSQL's numeric.c */
function numericLimits(modifier: number): { precision: number; scale: number } | null {
  if (modifier === NO_MODIFIER) return null;
  const packed = modifier - HEADER;
  // Eleven bits, signed: a scale may be negative since PostgreSQL 15.
  const scale = ((packed & 0x7ff) ^ 1024) - 1024;
  return { precision: (packed >> 16) & 0xffff, scale };
}
