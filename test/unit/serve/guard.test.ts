import { describe, expect, it } from 'vitest';
import { refuseForeign, requireToken } from '../../../scripts/lib/serve/guard.ts';
import { codeOf } from '../../support/serve.ts';

const LOCAL = { token: null, allowedHosts: [], host: '127.0.0.1' };
const TOKEN = 'a-token-that-is-long-enough';

function ask(headers: Record<string, string>, method = 'POST', path = '/api/v1/migration/start') {
  return { method, path, headers };
}

describe('a request without a token', () => {
  it.each([['127.0.0.1:4780'], ['localhost:4780'], ['[::1]:4780'], ['localhost']])(
    'is answered under %s',
    (host) => {
      expect(codeOf(() => refuseForeign(ask({ host }), LOCAL))).toBeNull();
    },
  );

  it.each([
    ['rebound.example:4780'],
    ['127.0.0.1.nip.example'],
    ['localhost.evil.example'],
    ['10.0.0.7:4780'],
    ['127.0.0.1:4780@evil.example'],
    ['evil.example/127.0.0.1'],
    [''],
  ])('is refused under the name %j', (host) => {
    expect(codeOf(() => refuseForeign(ask({ host }), LOCAL))).toBe('foreign-request');
  });

  it('is answered under a name that is allowed', () => {
    const config = { ...LOCAL, allowedHosts: ['Migration.internal'] };
    const asked = (host: string) => codeOf(() => refuseForeign(ask({ host }), config));
    expect(asked('migration.internal')).toBeNull();
    expect(asked('other.internal')).toBe('foreign-request');
  });
});

describe('a request from a page', () => {
  const host = '127.0.0.1:4780';

  it.each([
    [{ origin: 'http://127.0.0.1:4780', 'sec-fetch-site': 'same-origin' }],
    [{ 'sec-fetch-site': 'none' }],
    [{}],
  ])('of its own is answered: %j', (headers) => {
    expect(codeOf(() => refuseForeign(ask({ host, ...headers }), LOCAL))).toBeNull();
  });

  it.each([
    [{ origin: 'http://evil.example' }],
    [{ origin: 'http://127.0.0.1:4781' }],
    [{ origin: 'http://localhost:4780' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
  ])('of another is refused: %j', (headers) => {
    expect(codeOf(() => refuseForeign(ask({ host, ...headers }), LOCAL))).toBe('foreign-request');
  });

  it('of another may lead to the page itself', () => {
    const headers = { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect(codeOf(() => refuseForeign(ask(headers, 'GET', '/'), LOCAL))).toBeNull();
    expect(codeOf(() => refuseForeign(ask(headers, 'POST', '/'), LOCAL))).toBe('foreign-request');
  });
});

describe('the token', () => {
  const config = { ...LOCAL, token: TOKEN };

  it('opens the server, however the scheme is written', () => {
    for (const authorization of [`Bearer ${TOKEN}`, `bearer ${TOKEN}`]) {
      expect(codeOf(() => requireToken(ask({ authorization }), config))).toBeNull();
    }
  });

  it.each([
    [{}],
    [{ authorization: TOKEN }],
    [{ authorization: `Basic ${TOKEN}` }],
    [{ authorization: `Bearer ${TOKEN}x` }],
    [{ authorization: `Bearer ${TOKEN.slice(1)}` }],
    [{ authorization: 'Bearer ' }],
    [{ authorization: `Bearer ${TOKEN.toUpperCase()}` }],
  ])('is asked for: %j', (headers) => {
    expect(codeOf(() => requireToken(ask(headers), config))).toBe('not-authorized');
  });

  it('is not asked for where there is none', () => {
    expect(codeOf(() => requireToken(ask({}), LOCAL))).toBeNull();
  });
});
