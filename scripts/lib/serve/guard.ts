import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { ToolkitError } from '../model/errors.ts';
import { isLoopback, type ServeConfig } from './config.ts';

/** The parts of a request that decide whether it is answered. */
export interface GuardedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

type GuardConfig = Pick<ServeConfig, 'token' | 'allowedHosts' | 'host'>;

/**
 * Refuses what another site has a browser send: a request under a name that is not the server's (DNS
 * rebinding), and one from a page that is not its own.
 *
 * @throws ToolkitError of kind `usage`
 * Source: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function refuseForeign(
  { method, path, headers }: GuardedRequest,
  config: GuardConfig,
): void {
  const { host = '', origin } = headers;
  if (!mayBeCalled(host, config)) {
    throw foreign(
      'the name under which the server was reached is not its own',
      'use 127.0.0.1, or put the name into allowedHosts of the configuration',
    );
  }
  const site = headers['sec-fetch-site'];
  const isOpened = method === 'GET' && path === '/' && headers['sec-fetch-mode'] === 'navigate';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isOpened) {
    throw foreign('the request comes from another site');
  }
  if (origin !== undefined && hostOf(origin) !== host) {
    throw foreign('the request comes from the page of another server');
  }
}

/** @throws ToolkitError of kind `usage` unless the request has the token, where there is one */
export function requireToken({ headers }: GuardedRequest, { token }: GuardConfig): void {
  if (token === null) return;
  const [, given] = /^Bearer ([\x21-\x7e]+)$/i.exec(headers.authorization ?? '') ?? [];
  if (given !== undefined && isSame(given, token)) return;
  throw new ToolkitError({
    kind: 'usage',
    code: 'not-authorized',
    message: given === undefined ? 'the request has no token' : 'the token is not the right one',
    hint: 'send Authorization: Bearer TOKEN',
  });
}

/** What every answer says to a browser. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

function mayBeCalled(host: string, { token, allowedHosts, host: address }: GuardConfig): boolean {
  const name = nameOf(host);
  if (name === null) return false;
  if (isLoopback(name) || name === address.toLowerCase()) return true;
  if (allowedHosts.length > 0)
    return allowedHosts.some((allowed) => allowed.toLowerCase() === name);
  // Another site's page does not know the token.
  return token !== null;
}

/** `127.0.0.1` of `127.0.0.1:4780`, `::1` of `[::1]:4780`; null of what is no host. */
function nameOf(host: string): string | null {
  const [, bracketed, plain] =
    /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host) ?? [];
  return (bracketed ?? plain ?? null)?.toLowerCase() ?? null;
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/** Takes the same time whatever is given. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function foreign(message: string, hint?: string): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'foreign-request',
    message,
    ...(hint === undefined ? {} : { hint }),
  });
}
