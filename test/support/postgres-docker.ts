import { randomBytes } from 'node:crypto';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import type { StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import { ImageName, getContainerRuntimeClient } from 'testcontainers';
import type { ContainerRuntimeClient } from 'testcontainers';
import { FAST_AND_LOOSE_SETTINGS } from './postgres-embedded.ts';
import type { StartedServer, Unavailable } from './postgres-server.ts';
import { readServerVersion } from './postgres-url.ts';

/** There is an embedded server to fall back on, so nobody is kept waiting long for an engine or a registry. */
const ENGINE_TIMEOUT_MS = 5_000;
const PULL_TIMEOUT_MS = 60_000;
const START_TIMEOUT_MS = 60_000;

/** Starts `image` in a container if a Docker engine answers and has the image or can pull it. */
export async function startDockerServer(image: string): Promise<StartedServer | Unavailable> {
  const client = await withTimeout(getContainerRuntimeClient(), ENGINE_TIMEOUT_MS).catch(
    () => undefined,
  );
  if (client === undefined) return { unavailable: 'no Docker engine answered' };
  try {
    await provideImage(client, image);
  } catch (error) {
    return {
      unavailable: `the Docker engine has no image ${image} and could not pull it: ${firstLine(error)}`,
    };
  }
  try {
    const container = await startContainer(image);
    const url = container.getConnectionUri();
    return {
      url,
      description: `Docker image ${image}, ${await readServerVersion(url)}`,
      stop: async () => {
        await container.stop();
      },
    };
  } catch (error) {
    return {
      unavailable:
        `the Docker container of ${image} did not start: ${firstLine(error)} ` +
        '(TESTCONTAINERS_RYUK_DISABLED=true does without the image testcontainers/ryuk)',
    };
  }
}

async function provideImage(client: ContainerRuntimeClient, image: string): Promise<void> {
  const name = ImageName.fromString(image);
  if (await client.image.exists(name)) return;
  console.log(`Pulling the Docker image ${image} for the tests …`);
  await withTimeout(client.image.pull(name), PULL_TIMEOUT_MS);
  // A pull that the engine gives up on ends without an error.
  if (!(await client.image.exists(name))) throw new Error('the pull ended without it.');
}

async function startContainer(image: string): Promise<StartedPostgreSqlContainer> {
  const settings = Object.entries(FAST_AND_LOOSE_SETTINGS).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const starting = new PostgreSqlContainer(image)
    .withUsername('postgres')
    .withPassword(randomBytes(24).toString('hex'))
    .withDatabase('postgres')
    .withCommand(['postgres', ...settings])
    .start();
  try {
    return await withTimeout(starting, START_TIMEOUT_MS);
  } catch (error) {
    // A container that comes up too late is of no use to anybody.
    starting.then(async (container) => container.stop()).catch(() => undefined);
    throw error;
  }
}

async function withTimeout<Value>(promise: Promise<Value>, timeoutMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`nothing happened for ${timeoutMs / 1000} s.`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] ?? message;
}
