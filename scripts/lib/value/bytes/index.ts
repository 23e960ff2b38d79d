import type { TargetType } from '../../model/target-catalog.ts';
import type { ConversionContext } from '../convert/converter.ts';
import { decimalsOf, lengthOf, numericLimitsOf } from '../convert/modifiers.ts';
import { blobEncoder } from './blobs.ts';
import { NEVER_SURE, type ByteEncoder } from './byte-encoder.ts';
import { numericEncoder } from './decimals.ts';
import { doubleBitsEncoder, doubleEncoder } from './floats.ts';
import { booleanEncoder, integerEncoder } from './integers.ts';
import { labelEncoder, paddedTextEncoder, textEncoder, uuidEncoder } from './texts.ts';
import { dateEncoder, timestampEncoder } from './times.ts';

/** The two forms in which values of a type are written. */
export interface TypeEncoders {
  /** What the converter writes; only asked where COPY does not take the canonical form. */
  readonly converted: ByteEncoder;
  /** The canonical form of that. */
  readonly canonical: ByteEncoder;
  /** COPY takes the canonical form, and makes the same value of it as of what the converter writes. */
  readonly mayLoadCanonical: boolean;
}

type TypeRule = (type: TargetType, context: ConversionContext) => ByteEncoder;

/** By `pg_type.typname`: types whose canonical form is PostgreSQL's own output, which it reads back to the same. */
const ONE_FORM: Readonly<Record<string, TypeRule>> = {
  int2: () => integerEncoder(16),
  int4: () => integerEncoder(32),
  int8: () => integerEncoder(64),
  numeric: (type) => numericEncoder(numericLimitsOf(type)),
  bool: () => booleanEncoder,
  text: (type) => textEncoder(lengthOf(type)),
  varchar: (type) => textEncoder(lengthOf(type)),
  citext: (type) => textEncoder(lengthOf(type)),
  uuid: () => uuidEncoder,
  bytea: () => blobEncoder,
  timestamp: (type, context) => timestampEncoder(false, decimalsOf(type), context),
  timestamptz: (type, context) => timestampEncoder(true, decimalsOf(type), context),
  date: (_, context) => dateEncoder(context),
  time: () => NEVER_SURE,
  json: () => NEVER_SURE,
};

/** Of a type of which nothing is known here. */
export const UNKNOWN_TYPE: TypeEncoders = {
  converted: NEVER_SURE,
  canonical: NEVER_SURE,
  mayLoadCanonical: false,
};

/** The encoders for a type that a converter knows; those of a type without any are never sure. */
export function encodersFor(type: TargetType, context: ConversionContext): TypeEncoders {
  if (type.kind === 'enum') return oneForm(labelEncoder(type.enumLabels));
  if (type.kind !== 'base') return UNKNOWN_TYPE;
  if (type.name === 'float8') {
    return {
      converted: doubleEncoder,
      canonical: doubleBitsEncoder,
      mayLoadCanonical: false,
    };
  }
  if (type.name === 'bpchar') {
    const length = lengthOf(type);
    return {
      converted: textEncoder(length),
      canonical: paddedTextEncoder(length),
      mayLoadCanonical: false,
    };
  }
  const rule = Object.hasOwn(ONE_FORM, type.name) ? ONE_FORM[type.name] : undefined;
  return rule === undefined ? UNKNOWN_TYPE : oneForm(rule(type, context));
}

function oneForm(encode: ByteEncoder): TypeEncoders {
  return { converted: encode, canonical: encode, mayLoadCanonical: true };
}

/** The same forms, where a mapping has a say in the values: nothing is written from the bytes. */
export function withoutBytes({ mayLoadCanonical }: TypeEncoders): TypeEncoders {
  return { ...UNKNOWN_TYPE, mayLoadCanonical };
}
