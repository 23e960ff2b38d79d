import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { stopKeptPostgres } from '../../../scripts/lib/postgres/stop.ts';

test('a kept server outlives its process until another process stops it', async () => {
  const { child, url, dataDirectory } = await startInChild('{ keepRunning: true }');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await answers(url)).toBe(true);
  await stopKeptPostgres(dataDirectory);
  expect(await answers(url)).toBe(false);
  await expect(access(dataDirectory)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a server ends with its process, however that ends, and so does its directory', async () => {
  const { child, url, dataDirectory } = await startInChild('{}');
  expect(await answers(url)).toBe(true);
  child.kill('SIGKILL');
  const isGone = async (): Promise<boolean> =>
    access(dataDirectory).then(
      () => false,
      () => true,
    );
  await expect.poll(isGone, { timeout: 30_000 }).toBe(true);
  expect(await answers(url)).toBe(false);
});

test('a directory without a server in it is not removed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'embedded-test-'));
  await expect(stopKeptPostgres(directory)).rejects.toMatchObject({
    code: 'embedded-postgres-directory',
  });
  expect(await readdir(directory)).toEqual([]);
  await rm(directory, { recursive: true });
});

const serverFacts = z.object({ url: z.string(), dataDirectory: z.string() });

interface ChildServer {
  readonly child: ChildProcess;
  readonly url: string;
  readonly dataDirectory: string;
}

/** Starts a server in a process of its own, which then waits. */
async function startInChild(options: string): Promise<ChildServer> {
  const module = new URL('../../../scripts/lib/postgres/embedded.ts', import.meta.url).href;
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(module)};
    const { url, dataDirectory } = await startEmbeddedPostgres(${options});
    console.log(JSON.stringify({ url, dataDirectory }));
    setInterval(() => undefined, 60_000);
  `;
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, dataDirectory } = serverFacts.parse(JSON.parse(line));
    return { child, url, dataDirectory };
  }
  throw new Error('The process ended without a server.');
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
