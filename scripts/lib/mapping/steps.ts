import { isUtf8 } from 'node:buffer';

import type { ChangeKind } from '../model/ledger.ts';
import { MalformedText, asBuffer, type SqliteValue } from '../model/values.ts';
import { encodeValue } from '../value/codec.ts';
import { Misfit, wrongClass, type NonNullValue } from '../value/convert/converter.ts';
import type { Conversion, Scalar } from './file/schema.ts';
import { uuidV5 } from './uuid-v5.ts';

/** One conversion of a mapping, on its way to the converter of the target's type. */
export interface Step {
  /** Two steps with the same id do the same. */
  readonly id: string;
  /** How the ledger counts a value that came out changed; null for a mere change of form. */
  readonly change: ChangeKind | null;
  readonly apply: (value: SqliteValue) => SqliteValue | Misfit;
}

/** A value as a mapping file writes it: true and false are those words, as text. */
export function scalarValue(value: Scalar): SqliteValue {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

/** How times are to be read belongs to the converter of the target's type, and is no step. */
export type TimeReading = Extract<
  Conversion,
  | 'epoch_s'
  | 'epoch_ms'
  | 'epoch_us'
  | 'julian_day'
  | { time_zone: string }
  | { date_format: string }
>;

type StepConversion = Exclude<Conversion, TimeReading>;

/**
 * Makes the step of a conversion.
 *
 * @param namespaceOf the UUID of a namespace's name; the mapping has been checked before
 */
export function makeStep(conversion: StepConversion, namespaceOf: (name: string) => string): Step {
  if (typeof conversion === 'string') {
    return { id: conversion, change: CHANGES[conversion], apply: unlessNull(NAMED[conversion]) };
  }
  if ('if_null' in conversion) {
    const value = scalarValue(conversion.if_null);
    return { id: idOf('if_null', value), change: 'if_null', apply: (given) => given ?? value };
  }
  if ('uuid_v5' in conversion) {
    const namespace = namespaceOf(conversion.uuid_v5).toLowerCase();
    const apply = unlessNull(toUuidV5(namespace));
    return { id: idOf('uuid_v5', namespace), change: 'uuid_v5', apply };
  }
  const values = Object.entries(conversion.values).map(
    ([from, to]) => [from, scalarValue(to)] as const,
  );
  const id = `values ${values
    .map(([from, to]) => idOf(from, to))
    .toSorted()
    .join(' ')}`;
  return { id, change: 'values', apply: unlessNull(mapValues(new Map(values))) };
}

function idOf(name: string, value: SqliteValue): string {
  return `${JSON.stringify(name)}:${encodeValue(value)}`;
}

type Change = (value: NonNullValue) => SqliteValue | Misfit;

/** NULL passes every step but `if_null`. */
function unlessNull(change: Change): Step['apply'] {
  return (value) => (value === null ? null : change(value));
}

type NamedStep = Extract<StepConversion, string>;

const CHANGES: Readonly<Record<NamedStep, ChangeKind | null>> = {
  trim: 'trim',
  empty_to_null: 'empty_to_null',
  lower_case: 'lower_case',
  text: null,
  digits: null,
  json: null,
  json_string: null,
  base64: null,
  hex: null,
};

const NAMED: Readonly<Record<NamedStep, Change>> = {
  trim: onText((text) => text.trim()),
  empty_to_null: onText((text) => (text === '' ? null : text)),
  lower_case: onText((text) => text.toLowerCase()),
  text: toText,
  digits: (value) => (value instanceof Uint8Array ? value : toText(value)),
  json: toJsonText,
  json_string: onText((text) => JSON.stringify(text)),
  base64: decoded('base64'),
  hex: decoded('hex'),
};

/** Text is changed, values of other storage classes pass. */
function onText(change: (text: string) => SqliteValue): Change {
  return (value) => (typeof value === 'string' ? change(value) : value);
}

/** A REAL that is a whole number may be written with its `.0` or without. */
function mapValues(byText: ReadonlyMap<string, SqliteValue>): Change {
  return (value) => {
    if (typeof value === 'object') return value;
    const texts = typeof value === 'number' ? [realText(value), String(value)] : [String(value)];
    const text = texts.find((candidate) => byText.has(candidate));
    return text === undefined ? value : (byText.get(text) ?? null);
  };
}

/** A REAL that is a whole number counts as that integer, as it does for SQLite. */
function toUuidV5(namespace: string): Change {
  return (value) => {
    const name = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
    return typeof name === 'string' || typeof name === 'bigint'
      ? uuidV5(namespace, String(name))
      : wrongClass(name, 'uuid_v5');
  };
}

function toText(value: NonNullValue): SqliteValue | Misfit {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return realText(value);
  if (typeof value === 'string' || value instanceof MalformedText) return value;
  return utf8Text(value);
}

/** A REAL as the artifact writes it: `17.0`, `1e+21`. */
function realText(value: number): string {
  return Number.isFinite(value) ? encodeValue(value) : String(value);
}

function toJsonText(value: NonNullValue): SqliteValue | Misfit {
  const text = value instanceof Uint8Array ? utf8Text(value) : value;
  if (typeof text !== 'string') return text;
  try {
    JSON.parse(text);
    return text;
  } catch {
    return new Misfit('value-format', 'is not JSON');
  }
}

function utf8Text(bytes: Uint8Array): string | Misfit {
  return isUtf8(bytes)
    ? asBuffer(bytes).toString('utf8')
    : new Misfit('value-format', 'is a BLOB that is no text in UTF-8');
}

/** Strict: Node reads digits out of other characters, and skips over what is not base64. */
function decoded(encoding: 'base64' | 'hex'): Change {
  return (value) => {
    if (value instanceof Uint8Array) return value;
    if (typeof value !== 'string') return wrongClass(value, encoding);
    const bytes = Buffer.from(value, encoding);
    const isExact =
      encoding === 'hex'
        ? value.length % 2 === 0 && !/[^0-9a-f]/i.test(value)
        : bytes.toString(encoding) === value;
    return isExact ? bytes : new Misfit('value-format', `is not ${encoding}`);
  };
}
