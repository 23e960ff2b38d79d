import { describeValue } from '../../scripts/lib/model/row-key.ts';
import type { TargetType } from '../../scripts/lib/model/target-catalog.ts';
import {
  Misfit,
  type ConversionContext,
  type Converter,
  type NonNullValue,
} from '../../scripts/lib/value/convert/converter.ts';
import { converterFor } from '../../scripts/lib/value/convert/index.ts';
import { targetType } from './catalogs.ts';

/** What a converter writes for a value, or the code of the misfit. */
function converted(convert: Converter | undefined, value: NonNullValue): string {
  if (convert === undefined) throw new Error('there is no converter');
  const result = convert(value);
  return result instanceof Misfit ? result.code : result;
}

/** What a conversion knows when nobody has said anything about the column. */
export function conversionContext(more: Partial<ConversionContext> = {}): ConversionContext {
  return {
    timeUnit: null,
    readsNumericText: false,
    timeZone: 'UTC',
    dateFormat: null,
    sourceEncoding: 'UTF-8',
    serverVersion: 180_000,
    ...more,
  };
}

/** Converts values to one type of the target. */
export interface TypeUnderTest {
  /** The text that PostgreSQL gets, or the code of the misfit. */
  readonly converted: (value: NonNullValue) => string;
  /** The misfit itself; throws when there is none. */
  readonly misfit: (value: NonNullValue) => Misfit;
  /** What the policies that a misfit offers make of the value, each with its name: `round 12`. */
  readonly remedied: (value: NonNullValue) => string;
}

/** A type by its name, without a modifier, or as it is given. */
export function typeUnderTest(
  type: string | TargetType,
  context: Partial<ConversionContext> = {},
): TypeUnderTest {
  const target = typeof type === 'string' ? targetType(type) : type;
  const convert = converterFor(target, conversionContext(context));
  if (convert === undefined) throw new Error(`there is no converter for ${target.display}`);
  const misfit = (value: NonNullValue): Misfit => {
    const result = convert(value);
    if (result instanceof Misfit) return result;
    throw new Error(`${describeValue(value)} becomes ${result}`);
  };
  return {
    converted: (value) => converted(convert, value),
    misfit,
    remedied: (value) => {
      const words: string[] = [];
      let result: string | Misfit = misfit(value);
      while (result instanceof Misfit && result.remedy !== undefined) {
        words.push(result.remedy.policy);
        result = result.remedy.apply();
      }
      return [...words, result instanceof Misfit ? result.code : result].join(' ');
    },
  };
}

/** An array of a base type, as the catalog describes it. */
export function arrayType(element: TargetType): TargetType {
  return targetType(`_${element.name}`, {
    display: `${element.display}[]`,
    kind: 'array',
    modifier: element.modifier,
    element,
  });
}
