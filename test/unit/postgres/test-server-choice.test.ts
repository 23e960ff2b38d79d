import { expect, test } from 'vitest';
import { startTestServer } from '../../support/postgres-server.ts';
import type { ServerSources, StartedServer } from '../../support/postgres-server.ts';

const none: ServerSources = {
  connect: async () =>
    Promise.reject(new Error('The server of TEST_DATABASE_URL does not answer.')),
  docker: async () => Promise.resolve({ unavailable: 'no Docker engine answered' }),
  embedded: async () => Promise.resolve({ unavailable: 'no embedded PostgreSQL' }),
};

const all: ServerSources = {
  connect: async (url) => Promise.resolve(server(url, 'server 15.4')),
  docker: async (image) => Promise.resolve(server('docker', `Docker image ${image}`)),
  embedded: async () => Promise.resolve(server('embedded', 'embedded 18.4')),
};

function server(url: string, description: string): StartedServer {
  return { url, description, stop: async () => Promise.resolve() };
}

async function announcement(
  environment: Record<string, string>,
  sources: Partial<ServerSources> = {},
): Promise<string> {
  return (await startTestServer(environment, { ...none, ...sources })).announcement;
}

test('takes the server of TEST_DATABASE_URL before all others', async () => {
  expect(await announcement({ TEST_DATABASE_URL: 'postgresql://host/db' }, all)).toBe(
    'PostgreSQL for tests: server 15.4 (TEST_DATABASE_URL is set)',
  );
});

test('fails when the server of TEST_DATABASE_URL does not answer, whatever else there is', async () => {
  const sources = { ...all, connect: none.connect };
  await expect(
    announcement({ TEST_DATABASE_URL: 'postgresql://host/db' }, sources),
  ).rejects.toThrow('does not answer');
});

test('prefers Docker to the embedded server, with the image postgres:18', async () => {
  expect(await announcement({}, all)).toBe(
    'PostgreSQL for tests: Docker image postgres:18 (a Docker engine answered)',
  );
});

test('takes the image of TEST_POSTGRES_IMAGE', async () => {
  expect(await announcement({ TEST_POSTGRES_IMAGE: 'postgres:15' }, all)).toContain(
    'image postgres:15',
  );
});

test('falls back on the embedded server and says why', async () => {
  expect(await announcement({}, { embedded: all.embedded })).toBe(
    'PostgreSQL for tests: embedded 18.4 (no Docker engine answered)',
  );
});

test('fails when there is no server, with every reason and what to do', async () => {
  await expect(announcement({})).rejects.toThrow(
    /no Docker engine answered[^]*no embedded PostgreSQL[^]*Set TEST_DATABASE_URL/,
  );
});

test('TEST_POSTGRES=embedded passes over the others', async () => {
  const environment = { TEST_POSTGRES: 'embedded', TEST_DATABASE_URL: 'postgresql://host/db' };
  expect(await announcement(environment, all)).toBe(
    'PostgreSQL for tests: embedded 18.4 (TEST_POSTGRES=embedded)',
  );
});

test('TEST_POSTGRES=docker does not fall back on the embedded server', async () => {
  await expect(
    announcement({ TEST_POSTGRES: 'docker' }, { embedded: all.embedded }),
  ).rejects.toThrow('no Docker engine answered');
});

test('TEST_POSTGRES=url without TEST_DATABASE_URL fails', async () => {
  await expect(announcement({ TEST_POSTGRES: 'url' }, all)).rejects.toThrow(
    'needs TEST_DATABASE_URL',
  );
});

test('an unknown TEST_POSTGRES fails and names the known ones', async () => {
  await expect(announcement({ TEST_POSTGRES: 'podman' }, all)).rejects.toThrow(
    'url, docker, embedded',
  );
});
