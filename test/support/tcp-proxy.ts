import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  frontendRequests,
  readyForQueryCounter,
  type FrontendRequest,
} from './frontend-requests.ts';

/**
 * What becomes of a request.
 *
 * - `forward`: it arrives.
 * - `cut`: it does not arrive, and both sides of the connection are closed.
 * - `lose-answer`: it arrives and is carried out; the client is cut off instead of being told.
 * - `silence`: it does not arrive, and nothing passes any more in either direction; nothing is closed.
 * - `lateMs`: the client is cut off at once; the request arrives after so many milliseconds.
 */
export type Fate = 'forward' | 'cut' | 'lose-answer' | 'silence' | { readonly lateMs: number };

/** A request that came to the proxy. */
export interface SeenRequest extends FrontendRequest {
  /** From 1, over all connections. */
  readonly number: number;
  /** From 1. */
  readonly connection: number;
  /** Whether the server has said that it is done with it. */
  isAnswered: boolean;
}

/** A proxy between the toolkit and a PostgreSQL server. */
export interface TcpProxy {
  /** The same URL by way of the proxy, without TLS. */
  readonly through: (url: string) => string;
  /** Everything that came so far, in order. */
  readonly seen: readonly SeenRequest[];
  /** Closes the clients' side of every connection and refuses new ones, so that what is under way still arrives. */
  readonly hangUp: () => void;
  /** Closes every connection and refuses new ones. */
  readonly refuse: () => Promise<void>;
  /** Takes connections again. */
  readonly accept: () => Promise<void>;
  readonly isListening: () => boolean;
  readonly close: () => Promise<void>;
}

export interface ProxyOptions {
  /** Says what becomes of each request; all arrive without it. */
  readonly decide?: (request: SeenRequest) => Fate;
  /** How much later than it came each request goes on. */
  readonly latencyMs?: number;
}

/** Starts a proxy in front of the server of this URL, on a free port of this machine. */
export async function startProxy(url: string, options: ProxyOptions = {}): Promise<TcpProxy> {
  const { hostname, port } = new URL(url);
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect({ host: hostname, port: Number(port), noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    clients.add(client);
    client.on('close', () => clients.delete(client));
    joinSockets(client, upstream, { ...options, seen, connection: connections });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = (server.address() as AddressInfo).port;
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const refuse = async (): Promise<void> => stopListening(server, cutAll);
  return {
    through: (target) => {
      const proxied = new URL(target);
      proxied.hostname = '127.0.0.1';
      proxied.port = String(own);
      proxied.searchParams.set('sslmode', 'disable');
      return proxied.href;
    },
    seen,
    hangUp: () => {
      server.close();
      for (const client of clients) client.destroy();
    },
    refuse,
    accept: async () => {
      server.listen(own, '127.0.0.1');
      await once(server, 'listening');
    },
    isListening: () => server.listening,
    close: refuse,
  };
}

async function stopListening(server: Server, cutAll: () => void): Promise<void> {
  const wasListening = server.listening;
  const closed = wasListening ? once(server, 'close') : undefined;
  if (wasListening) server.close();
  cutAll();
  await closed;
}

interface Joint extends ProxyOptions {
  readonly seen: SeenRequest[];
  readonly connection: number;
}

function joinSockets(client: Socket, upstream: Socket, joint: Joint): void {
  const { decide = () => 'forward', latencyMs = 0, seen, connection } = joint;
  const requestsIn = frontendRequests();
  const readiesIn = readyForQueryCounter();
  const unanswered: SeenRequest[] = [];
  /** What is to be done with the server's bytes: pass them on, or not. */
  let answers: 'pass' | 'lose' | 'silence' = 'pass';
  let queue = Promise.resolve();

  const meet = async (request: FrontendRequest): Promise<void> => {
    if (latencyMs > 0) await delay(latencyMs);
    if (answers !== 'pass') return;
    const one = { ...request, number: seen.length + 1, connection, isAnswered: false };
    seen.push(one);
    const fate = decide(one);
    if (fate === 'silence') {
      answers = 'silence';
      return;
    }
    if (fate !== 'forward') answers = 'lose';
    if (fate === 'cut') {
      client.destroy();
      upstream.destroy();
      return;
    }
    unanswered.push(one);
    if (typeof fate === 'object') {
      client.destroy();
      await delay(fate.lateMs);
    }
    upstream.write(request.bytes);
  };

  client.setNoDelay(true);
  client.on('data', (chunk) => {
    for (const request of requestsIn(chunk)) queue = queue.then(async () => meet(request));
  });
  client.on('close', () => {
    if (answers === 'pass') void queue.then(() => upstream.end());
  });
  upstream.on('data', (chunk) => {
    if (answers === 'silence') return;
    for (let ready = readiesIn(chunk); ready > 0; ready -= 1) {
      for (const request of unanswered.splice(0)) request.isAnswered = true;
    }
    if (answers === 'pass') {
      client.write(chunk);
    } else {
      client.destroy();
      upstream.end();
    }
  });
  upstream.on('close', () => {
    if (answers !== 'silence') client.end();
  });
}
