import { describe, expect, it } from 'vitest';
import { TYPE_FAMILIES } from '../../../scripts/lib/docs/type-table.ts';
import type { TargetType } from '../../../scripts/lib/model/target-catalog.ts';
import type { StorageClass } from '../../../scripts/lib/model/values.ts';
import {
  Misfit,
  type ConversionContext,
  type NonNullValue,
} from '../../../scripts/lib/value/convert/converter.ts';
import { BASE_TYPES, converterFor } from '../../../scripts/lib/value/convert/index.ts';
import { targetType } from '../../support/catalogs.ts';
import { arrayType, conversionContext } from '../../support/converted.ts';

type ValueClass = Exclude<StorageClass, 'null'>;

/**
 * Values of each storage class: among them one for every type that takes that class at all, and one
 * for every way in which a value can fail to fit.
 */
const SAMPLES: Readonly<Record<ValueClass, readonly NonNullValue[]>> = {
  integer: [0n, 1n, 2n, 123_456n, 2n ** 53n + 1n, 2n ** 63n - 1n, 1_706_702_400_123n],
  real: [1, 0.5, 0.1, 1e300, Infinity, 86_400_000, 86_400_000.5],
  text: [
    'a|1|1.5|true|{}|LABEL|[]|10.0.0.0/8|08:00:2b:01:02:03|0e4ab2c6-5a4c-4f5e-8c43-6b3a4f0a9d11',
    '2024-06-11|2024-02-30|2024-06-11T12:00:00.1234567|12:00:00.1234567|24:01|12:00',
    'P1D|PT0.1234567S|P99999999999D|abcdef|a\u0000|"\\u0000"|[1e131072]',
    '1e131072|1e400|0.12345678901234567890|99999999999999999999',
  ].flatMap((texts) => texts.split('|')),
  blob: [new Uint8Array(16), new Uint8Array(1)],
};

/** A type without and, where it may have one, with a modifier: varchar(3), numeric(5,2), timestamp(3). */
function typesOf(name: string): readonly TargetType[] {
  if (name === 'enum') return [targetType(name, { kind: 'enum', enumLabels: ['LABEL'] })];
  // Of bytea, because it refuses nothing but classes.
  if (name === 'array') return [arrayType(targetType('bytea'))];
  const modifiers: Readonly<Record<string, number>> = {
    varchar: 3 + 4,
    bpchar: 3 + 4,
    numeric: ((5 << 16) | 2) + 4,
  };
  const modifier = modifiers[name];
  return [targetType(name), ...(modifier === undefined ? [] : [targetType(name, { modifier })])];
}

function convertAll(
  name: string,
  values: readonly NonNullValue[],
  context: Partial<ConversionContext> = {},
): (string | Misfit)[] {
  return typesOf(name).flatMap((type) => {
    const convert = converterFor(type, conversionContext(context));
    if (convert === undefined) throw new Error(`there is no converter for ${name}`);
    return values.map(convert);
  });
}

const families = TYPE_FAMILIES.flatMap(({ typeNames, takes }) =>
  typeNames.map((name) => ({ name, takes })),
);

describe('the table of types in the guide', () => {
  it('has every type that there is a conversion for, and no other', () => {
    const listed = families.map(({ name }) => name);
    expect(listed.toSorted()).toEqual([...Object.keys(BASE_TYPES), 'enum', 'array'].toSorted());
  });

  it.each(families)('says which storage classes $name takes', ({ name, takes }) => {
    const taken = (Object.keys(takes) as ValueClass[]).filter((valueClass) =>
      convertAll(name, SAMPLES[valueClass], { timeUnit: 'ms' }).some(
        (result) => typeof result === 'string',
      ),
    );
    const listed = Object.entries(takes).flatMap(([name, words]) => (words === null ? [] : name));
    expect(taken).toEqual(listed);
  });

  it.each(TYPE_FAMILIES)('says with which codes $title refuses values', (family) => {
    const values = (Object.keys(family.takes) as ValueClass[])
      .filter((valueClass) => family.takes[valueClass] !== null)
      .flatMap((valueClass) => SAMPLES[valueClass]);
    const results = family.typeNames.flatMap((name) => [
      ...convertAll(name, values),
      ...convertAll(name, values, { timeUnit: 'ms' }),
    ]);
    const codes = results.flatMap((result) =>
      result instanceof Misfit && result.code !== 'value-class' ? result.code : [],
    );
    expect([...new Set(codes)].toSorted()).toEqual(family.refusals.toSorted());
  });

  it.each(families)(
    'refuses with value-class the storage classes that $name does not take',
    ({ name, takes }) => {
      for (const valueClass of Object.keys(takes) as ValueClass[]) {
        if (takes[valueClass] !== null) continue;
        for (const result of convertAll(name, SAMPLES[valueClass])) {
          expect(result).toMatchObject({ code: 'value-class' });
        }
      }
    },
  );
});
