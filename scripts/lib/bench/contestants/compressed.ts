import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { COMPRESSIONS, type Compression } from '../../artifact/compression.ts';
import type { BenchRun } from '../../model/benchmark.ts';
import type { Arena, Contestant } from './contestant.ts';
import { runStage } from './ours.ts';

/** The folder that an export writes which compresses. */
export function compressedIn(arena: Arena, compression: Compression): string {
  return join(arena.folder, `artifact-${compression}`);
}

/** What writes and reads compressed data files, beside export and verify of plain ones. */
export function compressedContestants(arena: Arena): Contestant[] {
  return COMPRESSIONS.flatMap((compression): Contestant[] => {
    const artifact = compressedIn(arena, compression);
    const write = async (): Promise<BenchRun> => {
      const args = ['--source', arena.dataset.source, '--out', artifact];
      return runStage(arena, `export-${compression}`, 'export', [
        ...args,
        '--compress',
        compression,
      ]);
    };
    return [
      {
        name: `export-${compression}`,
        reads: 'source',
        prepare: async () => rm(artifact, { recursive: true, force: true }),
        run: write,
      },
      {
        name: `verify-${compression}`,
        reads: compression,
        prepare: async () => {
          if (!existsSync(artifact)) await write();
        },
        run: async () => runStage(arena, `verify-${compression}`, 'verify', [artifact]),
      },
    ];
  });
}
