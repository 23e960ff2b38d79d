import {
  startProxy,
  type ProxyOptions,
  type SeenRequest,
  type TcpProxy,
} from '../../support/tcp-proxy.ts';
import type { Shop, ShopKind, ShopTarget } from './shop.ts';

/** Runs `work` with a target of its own and a proxy in front of it; `url` leads through the proxy. */
export async function throughProxy(
  shop: Shop,
  kind: ShopKind,
  options: ProxyOptions,
  work: (target: ShopTarget, url: string, proxy: TcpProxy) => Promise<void>,
): Promise<void> {
  const target = await shop.target(kind);
  const proxy = await startProxy(target.url, options);
  try {
    await work(target, proxy.through(target.url), proxy);
  } finally {
    await proxy.close();
    await target.database.drop();
  }
}

/** Whether a request begins a run in the journal or goes on with one. */
export function isStartOfRun({ sql }: SeenRequest): boolean {
  return /INSERT INTO sqlite_migration\.runs|attempts = attempts \+ 1/.test(sql);
}
