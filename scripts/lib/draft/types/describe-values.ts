import type { ColumnCensus } from '../../model/census.ts';
import { EPOCH_UNIT_NAMES, epochDay } from '../../value/convert/epoch-unit.ts';

/** What a column holds, in a few words: counts, ranges and lengths, and no text of it. */
export function describeValues({ nulls, integers, reals, texts, blobs }: ColumnCensus): string {
  const parts = [
    ...(integers === null
      ? []
      : [`${counted(integers.count)} INTEGER (${range(integers.minimum, integers.maximum)})`]),
    ...(reals === null
      ? []
      : [`${counted(reals.count)} REAL (${range(reals.minimum, reals.maximum)})`]),
    ...(texts === null
      ? []
      : [`${counted(texts.count)} TEXT (up to ${counted(texts.longestCharacters)} characters)`]),
    ...(blobs === null
      ? []
      : [`${counted(blobs.count)} BLOB (up to ${counted(blobs.longestBytes)} bytes)`]),
    ...(nulls === 0 ? [] : [`${counted(nulls)} NULL`]),
  ];
  return parts.length === 0 ? 'no rows' : parts.join(', ');
}

/** `seconds since 1970: 2021-01-01 to 2024-06-30`; null where integers are no times. */
export function describeEpoch({ integers }: ColumnCensus): string | null {
  if (integers === null || integers.epoch === null) return null;
  const { minimum, maximum, epoch } = integers;
  const days = [minimum, maximum].map((value) => epochDay(BigInt(value), epoch));
  return `${EPOCH_UNIT_NAMES[epoch]} since 1970: ${range(days[0] ?? '', days[1] ?? '')}`;
}

function range(from: string, to: string): string {
  return from === to ? from : `${from} to ${to}`;
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}
