import type { ColumnPlan } from '../mapping/plan.ts';
import { quoteIdentifier, quoteLiteral } from '../model/sql.ts';

/**
 * SQL that is true for the rows of a target table that are this source's, by what the mapping sets in
 * each of them.
 *
 * @returns null when nothing is set, so that all rows are
 */
export function scopeSql(scope: readonly ColumnPlan[]): string | null {
  const terms = scope.map(({ target, convert }) => {
    const text = convert(null, () => undefined);
    if (typeof text !== 'string') throw new Error(`${target.name} is set to no value`);
    return `${quoteIdentifier(target.name)} = ${quoteLiteral(text)}::${target.type.sql}`;
  });
  return terms.length === 0 ? null : terms.join(' AND ');
}
