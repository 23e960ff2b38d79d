/** https://github.com/hoegaarden/pgpass: finds the password of a connection in PGPASSFILE or ~/.pgpass. */
declare module 'pgpass' {
  interface Connection {
    readonly host?: string | undefined;
    readonly port?: number | undefined;
    readonly user?: string | undefined;
    readonly database?: string | undefined;
  }
  export default function pgpass(
    connection: Connection,
    callback: (password: string | undefined) => void,
  ): void;
}
