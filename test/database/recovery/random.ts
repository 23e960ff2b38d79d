/** A source of chance that gives the same numbers for the same seed. */
export interface Chance {
  readonly seed: number;
  /** From `low` to `high`, both of them too. */
  readonly integer: (low: number, high: number) => number;
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
}

/**
 * Makes a source of chance. SEED in the environment repeats what a test has printed.
 *
 * Source: mulberry32, Tommy Ettinger (public domain)
 */
export function chance(): Chance {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (low: number, high: number): number =>
    low + Math.floor(next() * (high - low + 1));
  return {
    seed,
    integer,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
  };
}

/** How often a test leaves something to chance: as many times as KILLS in the environment says. */
export function repetitions(usual: number): number {
  return Number(process.env['KILLS'] ?? usual);
}
