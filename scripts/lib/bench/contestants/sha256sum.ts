import { CHECKSUMS_FILE } from '../../artifact/paths.ts';
import { runTimed } from '../process.ts';
import { rivalRun, type Arena, type Contestant } from './contestant.ts';
import { artifactIn, needArtifact } from './ours.ts';

export const SHA256_COMMAND = 'sha256sum';

/** The checksums of all files of the artifact: what verify is held against. */
export function sha256sum(arena: Arena): Contestant {
  return {
    name: 'sha256sum',
    reads: 'artifact',
    prepare: async () => needArtifact(arena),
    run: async () => {
      const args = ['--check', '--quiet', CHECKSUMS_FILE];
      const command = { program: SHA256_COMMAND, args, cwd: artifactIn(arena) };
      return rivalRun(SHA256_COMMAND, await runTimed(command, arena.signal));
    },
  };
}
