import { chmodSync, statSync } from 'node:fs';

/** `nobody` on most systems; any account that owns nothing does. */
const NOBODY = 65_534;

/** Runs work with the rights of an ordinary user: root may read and write whatever the modes say. */
export async function asOrdinaryUser<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return work();
  process.setegid?.(NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

/** Runs work as an ordinary user while a file or folder has another mode; then it has its own again. */
export async function withMode<Result>(
  path: string,
  mode: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = statSync(path).mode;
  chmodSync(path, mode);
  try {
    return await asOrdinaryUser(work);
  } finally {
    chmodSync(path, before);
  }
}
