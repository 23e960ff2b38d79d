import { whyUnsupported } from '../../artifact/compression.ts';
import { CONTESTANTS, type ContestantName } from '../../model/benchmark.ts';
import type { Programs } from '../machine.ts';
import { compressedContestants } from './compressed.ts';
import type { Arena, Contestant } from './contestant.ts';
import { floor } from './floor.ts';
import { ourContestants } from './ours.ts';
import { pgloader } from './pgloader.ts';
import { sha256sum } from './sha256sum.ts';
import { sqliteCsv } from './sqlite-csv.ts';

/** The program without which a contestant cannot be measured. */
const NEEDS: Partial<Record<ContestantName, keyof Programs>> = {
  'sqlite-csv': 'sqlite3',
  sha256sum: 'sha256sum',
  floor: 'sqlite3',
  pgloader: 'pgloader',
};

/** All contestants, in the order in which they are measured. */
export function contestantsOf(arena: Arena): Contestant[] {
  const all = [
    ...ourContestants(arena),
    ...compressedContestants(arena),
    sqliteCsv(arena),
    sha256sum(arena),
    floor(arena),
    pgloader(arena),
  ];
  return CONTESTANTS.flatMap((name) => all.filter((contestant) => contestant.name === name));
}

/** Why a contestant cannot be measured on this machine; null when it can. */
export function missingProgram(name: ContestantName, programs: Programs): string | null {
  if (name === 'export-zstd' || name === 'verify-zstd') return whyUnsupported('zstd');
  const program = NEEDS[name];
  return program === undefined || programs[program] !== null ? null : `${program} is not installed`;
}
