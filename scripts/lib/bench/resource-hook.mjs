/**
 * Preloaded into each Node process of a measured script: writes what the process has used into the
 * folder that stands in this module's own URL, when it ends.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const folder = new URL(import.meta.url).searchParams.get('folder');
if (isMainThread && folder !== null) process.on('exit', () => writeUsage(folder));

/** @param {string} folder */
function writeUsage(folder) {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = {
    peakMemoryBytes: peakMemoryBytes(),
    cpuMs: Math.round((userCPUTime + systemCPUTime) / 1000),
  };
  writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(usage));
}

/**
 * On Linux maxRSS also counts what the parent had when it started this process; VmHWM does not.
 * Source: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
function peakMemoryBytes() {
  const { maxRSS } = process.resourceUsage();
  if (process.platform !== 'linux') return maxRSS * 1024;
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? maxRSS) * 1024;
}
