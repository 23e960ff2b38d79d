import type { TargetColumn } from '../model/target-catalog.ts';
import { encodersFor, withoutBytes } from '../value/bytes/index.ts';
import { Misfit, type ConversionContext } from '../value/convert/converter.ts';
import { converterFor } from '../value/convert/index.ts';
import type { Scalar } from './file/schema.ts';
import type { ColumnPlan } from './plan.ts';
import { scalarValue } from './steps.ts';

/**
 * Plans a column that gets the same value in every row.
 *
 * @returns why it cannot have the value, as a sentence, when it cannot
 */
export function planConstant(
  target: TargetColumn,
  constant: Scalar,
  context: ConversionContext,
): ColumnPlan | string {
  const text = textOf(target, constant, context);
  if (text === undefined) return 'there is no conversion to its type';
  if (text instanceof Misfit) return `the constant ${text.reason}`;
  if (text === null && target.notNull) return 'it takes no NULL';
  return {
    source: null,
    sourceIndex: -1,
    target,
    convert: () => text,
    context: null,
    isPlain: true,
    needsIntegerRange: false,
    policies: new Set(),
    encoders: withoutBytes(encodersFor(target.type, context)),
  };
}

function textOf(
  { type }: TargetColumn,
  constant: Scalar,
  context: ConversionContext,
): string | null | Misfit | undefined {
  const value = scalarValue(constant);
  return value === null ? null : converterFor(type, context)?.(value);
}
