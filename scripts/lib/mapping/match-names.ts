/** What a name was matched to: one candidate, none, or more than one that fit equally well. */
export type NameMatch<T> =
  | { readonly kind: 'one'; readonly item: T }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly items: readonly T[] };

/**
 * Finds the item of that name: exactly, or else without regard to case, underscores, blanks and
 * hyphens. Two that fit only in the second way are an ambiguity for a person to decide.
 */
export function matchName<T extends { readonly name: string }>(
  name: string,
  items: readonly T[],
): NameMatch<T> {
  const exact = items.find((item) => item.name === name);
  if (exact !== undefined) return { kind: 'one', item: exact };
  const folded = foldedName(name);
  const [first, ...others] = items.filter((item) => foldedName(item.name) === folded);
  if (first === undefined) return { kind: 'none' };
  return others.length === 0
    ? { kind: 'one', item: first }
    : { kind: 'several', items: [first, ...others] };
}

/** What names have in common that fit each other. */
export function foldedName(name: string): string {
  return name.toLowerCase().replaceAll(/[_\s-]/g, '');
}
