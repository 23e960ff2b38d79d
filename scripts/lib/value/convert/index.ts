import type { TargetType } from '../../model/target-catalog.ts';
import { arrayText } from './arrays.ts';
import {
  byClass,
  type ClassConverters,
  type ConversionContext,
  type Converter,
} from './converter.ts';
import { intervalConverters } from './intervals.ts';
import { jsonConverters } from './json.ts';
import { decimalsOf, intervalLimitsOf, lengthOf, numericLimitsOf } from './modifiers.ts';
import { cidrText, inetText, macaddrText } from './networks.ts';
import {
  DOUBLE,
  SINGLE,
  booleanInteger,
  booleanText,
  decimalText,
  exactInteger,
  exactReal,
  integerText,
  integerWithin,
  numericNumber,
  numericText,
  wholeReal,
} from './numbers.ts';
import {
  blobBytes,
  digitsWithin,
  enumLabel,
  malformedBytes,
  replacedBy,
  textBytes,
  textWithin,
  uuidBlob,
  uuidText,
} from './texts.ts';
import {
  dateConverters,
  timeOfDayConverters,
  timestampConverters,
  zonedTimeConverters,
} from './timestamps.ts';

type TypeRule = (type: TargetType, context: ConversionContext) => ClassConverters;

/**
 * What happens to a value, by the base type of the target (`pg_type.typname`) and by its storage class:
 * null refuses the class. `lib/docs/type-table.ts` says the same in words; a test holds them together.
 */
export const BASE_TYPES: Readonly<Record<string, TypeRule>> = {
  int2: () => integers(16),
  int4: () => integers(32),
  int8: () => integers(64),
  float4: () => ({
    integer: exactInteger(SINGLE),
    real: exactReal(SINGLE),
    text: decimalText(SINGLE),
    blob: null,
  }),
  float8: () => ({
    integer: exactInteger(DOUBLE),
    real: exactReal(DOUBLE),
    text: decimalText(DOUBLE),
    blob: null,
  }),
  numeric: (type, { serverVersion }) => ({
    integer: numericNumber(numericLimitsOf(type), serverVersion),
    real: numericNumber(numericLimitsOf(type), serverVersion),
    text: numericText(numericLimitsOf(type)),
    blob: null,
  }),
  bool: () => ({ integer: booleanInteger, real: null, text: booleanText, blob: null }),
  text: texts,
  varchar: texts,
  bpchar: texts,
  citext: texts,
  bytea: () => ({
    integer: null,
    real: null,
    text: textBytes,
    blob: blobBytes,
    malformedText: malformedBytes,
  }),
  uuid: () => ({ integer: null, real: null, text: uuidText, blob: uuidBlob }),
  timestamp: (type, context) => timestampConverters(false, decimalsOf(type), context),
  timestamptz: (type, context) => timestampConverters(true, decimalsOf(type), context),
  date: (_, context) => dateConverters(context),
  time: (type, context) => timeOfDayConverters(decimalsOf(type), context),
  timetz: (type, context) => zonedTimeConverters(decimalsOf(type), context),
  interval: (type, context) => intervalConverters(intervalLimitsOf(type), context),
  json: (_, context) => jsonConverters('json', context),
  jsonb: (_, context) => jsonConverters('jsonb', context),
  inet: () => ({ integer: null, real: null, text: inetText, blob: null }),
  cidr: () => ({ integer: null, real: null, text: cidrText, blob: null }),
  macaddr: () => ({ integer: null, real: null, text: macaddrText, blob: null }),
};

function integers(bits: 16 | 32 | 64): ClassConverters {
  return {
    integer: integerWithin(bits),
    real: wholeReal(bits),
    text: integerText(bits),
    blob: null,
  };
}

function texts(type: TargetType, { sourceEncoding }: ConversionContext): ClassConverters {
  const maxCharacters = lengthOf(type);
  const text = textWithin(maxCharacters);
  return {
    integer: digitsWithin(maxCharacters),
    real: null,
    text,
    blob: null,
    malformedText: replacedBy(text, sourceEncoding),
  };
}

/**
 * The converter for a target type, or undefined when the toolkit knows none for it. A domain's is that
 * of its base type: what its CHECKs demand is for PostgreSQL to say.
 */
export function converterFor(type: TargetType, context: ConversionContext): Converter | undefined {
  const rule = ruleOf(type, context);
  return rule === undefined ? undefined : byClass(type.display, rule);
}

function ruleOf(type: TargetType, context: ConversionContext): ClassConverters | undefined {
  switch (type.kind) {
    case 'base':
      return Object.hasOwn(BASE_TYPES, type.name)
        ? BASE_TYPES[type.name]?.(type, context)
        : undefined;
    case 'enum': {
      const label = enumLabel(type.baseSql, type.enumLabels);
      return { integer: null, real: null, text: label, blob: null };
    }
    case 'array':
      return type.element === null ? undefined : arrays(type.element, context);
    case 'other':
      return undefined;
    default:
      return type.kind satisfies never;
  }
}

function arrays(element: TargetType, context: ConversionContext): ClassConverters | undefined {
  const convert = converterFor(element, context);
  if (convert === undefined) return undefined;
  const { kind, name } = element;
  const is = (...names: readonly string[]): boolean => kind === 'base' && names.includes(name);
  const text = arrayText({
    convert,
    isJson: is('json', 'jsonb'),
    takesNull: element.domain?.notNull !== true,
    takesWords: is('bool'),
    takesDigits: is('numeric', 'float4', 'float8'),
  });
  return { integer: null, real: null, text, blob: null };
}
