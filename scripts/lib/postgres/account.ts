import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ToolkitError } from '../model/errors.ts';

/** The operating system account that runs the server's programs; `undefined` is the current one. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Tried in this order. The second exists on every ordinary Unix, so nothing has to be added to the system. */
const UNPRIVILEGED_ACCOUNTS = ['postgres', 'nobody'] as const;

const execute = promisify(execFile);

/** Whether this process is root, as which PostgreSQL refuses to run. Never true on Windows. */
function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The account to run PostgreSQL as: the current one, or for root an unprivileged one that exists.
 * @throws ToolkitError `embedded-postgres-account` when root has no such account to turn to
 */
export async function chooseAccount(): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  for (const name of UNPRIVILEGED_ACCOUNTS) {
    const account = await lookUpAccount(name);
    if (account !== undefined) return account;
  }
  throw new ToolkitError({
    kind: 'target',
    code: 'embedded-postgres-account',
    message: `PostgreSQL refuses to run as root, and there is no account ${UNPRIVILEGED_ACCOUNTS.join(' or ')} to run it as.`,
    hint: 'Run the command as an ordinary user, or use a PostgreSQL server of your own by its URL.',
  });
}

/** The account that a server in `dataDirectory` runs as: the owner of its files, as far as this process may choose. */
export async function accountOf(dataDirectory: string): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  const { uid, gid } = await stat(dataDirectory);
  return { uid, gid };
}

/** `id` rather than /etc/passwd, since accounts may come from elsewhere (LDAP, Open Directory). */
async function lookUpAccount(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([
      execute('id', ['-u', name]),
      execute('id', ['-g', name]),
    ]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}
