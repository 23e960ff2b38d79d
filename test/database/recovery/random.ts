import { createRandom, type Random } from '../../../scripts/lib/model/random.ts';

/** A source of chance that can be told by its seed. */
export interface Chance extends Random {
  readonly seed: number;
}

/** Makes a source of chance. SEED in the environment repeats what a test has printed. */
export function chance(): Chance {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  return { seed, ...createRandom(seed) };
}

/** How often a test leaves something to chance: as many times as KILLS in the environment says. */
export function repetitions(usual: number): number {
  return Number(process.env['KILLS'] ?? usual);
}
