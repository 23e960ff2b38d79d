import { randomBytes } from 'node:crypto';

/** A name for a run that sorts by time. */
export function newRunId(now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${time}-${randomBytes(3).toString('hex')}`;
}
