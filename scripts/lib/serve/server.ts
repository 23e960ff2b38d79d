import { once, setMaxListeners } from 'node:events';
import type { AddressInfo } from 'node:net';

import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';

import { ToolkitError } from '../model/errors.ts';
import type { ServeConfig } from './config.ts';
import { SECURITY_HEADERS, refuseForeign, requireToken } from './guard.ts';
import { OPENMETRICS_TYPE, serverMetrics } from './metrics.ts';
import { openApiDocument } from './openapi.ts';
import { JSON_TYPE, type Answer, type Operation, type Surroundings } from './operation.ts';
import { pageFiles, type PageFile } from './page/files.ts';
import { PLACE_OPERATIONS } from './place-operations.ts';
import { PROBLEM_TYPE, parseRequest, problemOf } from './problem.ts';
import { RUN_OPERATIONS } from './run-operations.ts';
import { RunStore } from './run-store.ts';

const MAX_BODY_BYTES = 256 * 1024;
const MAX_PARAMETER = 1000;
const REQUEST_TIMEOUT_MS = 30_000;

const OPENAPI = '/api/v1/openapi.json';

/** Every route of the API beside the page. */
export const OPERATIONS: readonly Operation[] = [
  ...RUN_OPERATIONS,
  ...PLACE_OPERATIONS,
  {
    method: 'GET',
    path: OPENAPI,
    summary: 'this API as an OpenAPI document',
    response: { status: 200, type: JSON_TYPE },
    handle: async () => ({ kind: 'json', body: openApiDocument(OPERATIONS) }),
  },
  {
    method: 'GET',
    path: '/metrics',
    summary: 'the latest run of each stage, as OpenMetrics text',
    response: { status: 200, type: OPENMETRICS_TYPE },
    handle: async (_call, { store }) => ({
      kind: 'text',
      body: await serverMetrics(store),
      type: OPENMETRICS_TYPE,
    }),
  },
];

/** A server that listens. */
export interface RunningServer {
  /** Where a browser finds it. */
  readonly url: string;
  /** Ends it; the runs go on. */
  close(): Promise<void>;
}

/**
 * Starts the server.
 *
 * @param onBug is told what no user can mend
 * @throws ToolkitError of kind `usage` when the address cannot be had
 */
export async function startServer(
  config: ServeConfig,
  onBug: (error: unknown) => void,
): Promise<RunningServer> {
  const stop = new AbortController();
  // Every reader of events listens; Node takes more than ten for a leak.
  setMaxListeners(0, stop.signal);
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { maxParamLength: MAX_PARAMETER },
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    exposeHeadRoutes: false,
  });
  const surroundings = { config, store: new RunStore(config.runs), signal: stop.signal };
  addGuards(app, config);
  addErrors(app, onBug);
  for (const file of await pageFiles()) addPageFile(app, file);
  for (const operation of OPERATIONS) addOperation(app, operation, surroundings);
  await listen(app, config);
  return {
    url: urlOf(app, config.host),
    close: async () => {
      stop.abort();
      await app.close();
    },
  };
}

/** The page itself and the description of the API hold nothing that a token guards. */
function isOpen(path: string): boolean {
  return path === '/' || path === OPENAPI || path.startsWith('/assets/');
}

function addGuards(app: FastifyInstance, config: ServeConfig): void {
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const { method, headers } = request;
    const path = request.url.split('?')[0] ?? '';
    const guarded = { method, path, headers };
    refuseForeign(guarded, config);
    if (!isOpen(path)) requireToken(guarded, config);
  });
}

function addErrors(app: FastifyInstance, onBug: (error: unknown) => void): void {
  app.setErrorHandler(async (error, _request, reply) => {
    const problem = problemOf(error);
    if (problem.kind === 'bug') onBug(error);
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
  });
  app.setNotFoundHandler(() => {
    throw new ToolkitError({
      kind: 'usage',
      code: 'no-such-page',
      message: 'the server has nothing under this method and path',
      hint: 'GET /api/v1/openapi.json lists what it has',
    });
  });
}

function addPageFile(app: FastifyInstance, { path, type, text }: PageFile): void {
  app.get(path, async (_request, reply) => reply.type(type).send(text));
}

function addOperation(app: FastifyInstance, operation: Operation, around: Surroundings): void {
  const { method, path, body, query } = operation;
  app.route({
    method,
    url: path,
    handler: async (request, reply) => {
      const answer = await operation.handle(
        {
          params: request.params as Record<string, string>,
          query: query === undefined ? {} : parseRequest(query, request.query),
          body: body === undefined ? undefined : parseRequest(body, request.body),
          requestedFrom: request.ip,
          lastEventId: textOf(request.headers['last-event-id']),
        },
        around,
      );
      return send(answer, reply);
    },
  });
}

async function send(answer: Answer, reply: FastifyReply): Promise<FastifyReply> {
  switch (answer.kind) {
    case 'json':
      if (answer.location !== undefined) reply.header('location', answer.location);
      return reply
        .code(answer.status ?? 200)
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(answer.body));
    case 'text':
      return reply.type(answer.type).send(answer.body);
    case 'stream': {
      reply.hijack();
      reply.raw.setHeaders(new Map(Object.entries(SECURITY_HEADERS)));
      reply.raw.setHeader('content-type', 'text/event-stream; charset=utf-8');
      reply.raw.flushHeaders();
      await answer.write(reply.raw);
      return reply;
    }
    default:
      return answer satisfies never;
  }
}

async function listen(app: FastifyInstance, { host, port }: ServeConfig): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ToolkitError({
      kind: 'usage',
      code: 'serve-config',
      message: `the server cannot be started so: it cannot listen on ${host}, port ${port}: ${reason}`,
      hint: 'choose another --port, 0 for any free one, or another --host',
      cause: error,
    });
  }
}

function urlOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** Waits until the signal aborts. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
