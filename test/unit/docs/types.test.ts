import { describe, expect, it } from 'vitest';
import { TYPE_FAMILIES } from '../../../scripts/lib/docs/type-table.ts';
import type { TargetType } from '../../../scripts/lib/model/target-catalog.ts';
import { Misfit, type NonNullValue } from '../../../scripts/lib/value/convert/converter.ts';
import { converterFor } from '../../../scripts/lib/value/convert/index.ts';
import { readText } from './documents.ts';

/** Values of each storage class, among them one for every type that takes that class at all. */
const SAMPLES: Readonly<Record<'integer' | 'real' | 'text' | 'blob', readonly NonNullValue[]>> = {
  integer: [0n, 1n],
  real: [1, 0.5],
  text: ['a', '1', 'true', '2024-06-11', '{}', '0e4ab2c6-5a4c-4f5e-8c43-6b3a4f0a9d11', 'LABEL'],
  blob: [new Uint8Array(16)],
};

function typeOf(name: string): TargetType {
  const isEnum = name === 'enum';
  return {
    name,
    display: name,
    kind: isEnum ? 'enum' : 'base',
    enumLabels: isEnum ? ['LABEL'] : [],
    modifier: -1,
  };
}

describe('the table of types in the guide', () => {
  it('has every type that there is a conversion for, and no other', () => {
    const source = readText('scripts/lib/value/convert/index.ts');
    const converted = [...source.matchAll(/case '(\w+)':/g)].map(([, name = '']) => name);
    const listed = TYPE_FAMILIES.flatMap(({ typeNames }) => typeNames);
    expect(listed.toSorted()).toEqual([...converted, 'enum'].toSorted());
  });

  it.each(
    TYPE_FAMILIES.flatMap(({ typeNames, takes }) => typeNames.map((name) => ({ name, takes }))),
  )('says which storage classes $name takes', ({ name, takes }) => {
    const convert = converterFor(typeOf(name), { madeByPrisma: true });
    const isTaken = (storageClass: string): boolean =>
      SAMPLES[storageClass as keyof typeof SAMPLES].some(
        (value) => !(convert?.(value) instanceof Misfit),
      );
    const classes = Object.keys(takes);
    expect(classes.filter(isTaken)).toEqual(
      Object.entries(takes).flatMap(([storageClass, words]) =>
        words === null ? [] : storageClass,
      ),
    );
  });
});
