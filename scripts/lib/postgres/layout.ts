import { join } from 'node:path';

/** The files of one embedded server, all below one directory of its own. */
export interface ServerLayout {
  readonly root: string;
  /** PGDATA. */
  readonly data: string;
  /** Output of `initdb` and `pg_ctl`. */
  readonly setupLog: string;
  /** The server's own log. */
  readonly serverLog: string;
  /** `initdb` reads the superuser's password from here; gone once it has. */
  readonly passwordFile: string;
  /** A copy of the server's programs, made only where the installed ones cannot be run in place. */
  readonly programs: string;
  /** Written by `initdb`; with `setupLog` it tells an embedded server's directory from any other. */
  readonly versionFile: string;
}

/** Names every path of the embedded server that lives in `root`. */
export function serverLayout(root: string): ServerLayout {
  const data = join(root, 'data');
  return {
    root,
    data,
    setupLog: join(root, 'setup.log'),
    serverLog: join(root, 'server.log'),
    passwordFile: join(root, 'password'),
    programs: join(root, 'programs'),
    versionFile: join(data, 'PG_VERSION'),
  };
}
