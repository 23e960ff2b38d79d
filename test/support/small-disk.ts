import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file system of its own, in memory, of a known size. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all of its space but this. */
  readonly fill: (freeBytes: number) => void;
  /** Gives the space back that `fill` took. */
  readonly free: () => void;
  readonly unmount: () => void;
}

/**
 * Mounts a file system in memory.
 *
 * @returns null where this process may not mount, as without root
 */
export function mountSmallDisk(path: string, sizeBytes: number): SmallDisk | null {
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes},mode=0755`, 'tmpfs', path], {
      stdio: 'ignore',
    });
  } catch {
    return null;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: (freeBytes) => {
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize - freeBytes));
    },
    free: () => rmSync(ballast),
    unmount: () => void execFileSync('umount', ['--lazy', path], { stdio: 'ignore' }),
  };
}
