/** Why the operating system refuses a file or a folder, by what a user can do about it. */
export type SystemFault =
  'full' | 'too-large' | 'disk' | 'read-only' | 'forbidden' | 'missing' | 'other';

/** Source: https://man7.org/linux/man-pages/man3/errno.3.html */
const FAULTS: Readonly<Record<string, SystemFault>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'too-large',
  EIO: 'disk',
  ENXIO: 'disk',
  ENODEV: 'disk',
  ESTALE: 'disk',
  EUCLEAN: 'disk',
  EROFS: 'read-only',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  ENOENT: 'missing',
  ENOTDIR: 'missing',
};

/** Whether the operating system said this: of a file, a folder or a disk where only these are touched. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

/** What lies behind an error of the operating system's. */
export function systemFault({ code }: NodeJS.ErrnoException): SystemFault {
  return FAULTS[code ?? ''] ?? 'other';
}
