import {
  Misfit,
  type Converter,
  type NonNullValue,
} from '../../scripts/lib/value/convert/converter.ts';

/** What a converter writes for a value, or the code of the misfit. */
export function converted(convert: Converter | undefined, value: NonNullValue): string {
  if (convert === undefined) throw new Error('there is no converter');
  const result = convert(value);
  return result instanceof Misfit ? result.code : result;
}
