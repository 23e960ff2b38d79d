import type { FlagSet } from './flags.ts';
import type { Invocation } from './command-line.ts';

/** The parameters of a database's URL that may be shown. */
const SHOWN_PARAMETERS = ['schema', 'sslmode'];

/** What a command line says, defaults included, as others may read it: without any password. */
export function shownOptions({
  argument,
  furtherArguments,
  flags,
}: Invocation<FlagSet>): Record<string, unknown> {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined && value !== false);
  return {
    ...(argument === '' ? {} : { argument }),
    ...(furtherArguments.length === 0 ? {} : { furtherArguments }),
    ...Object.fromEntries(given.map(([name, value]) => [name, withoutSecrets(value)])),
  };
}

function withoutSecrets(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return /^(?!file:|sqlite:)[a-z][a-z0-9+.-]*:\/\//i.test(value) ? describeUrl(value) : value;
}

/** Only the parts that are known to be none: a password may hold characters that end it too early. */
function describeUrl(text: string): string {
  const scheme = text.slice(0, text.indexOf('://') + 3);
  if (!URL.canParse(text)) return `${scheme}***`;
  const { username, password, host, pathname, searchParams } = new URL(text);
  if (pathname.includes('@')) return `${scheme}***`;
  const user = username === '' ? '' : `${username}${password === '' ? '' : ':***'}@`;
  const shown = SHOWN_PARAMETERS.flatMap((name) => {
    const value = searchParams.get(name);
    return value === null ? [] : [`${name}=${value}`];
  });
  return `${scheme}${user}${host}${pathname}${shown.length === 0 ? '' : `?${shown.join('&')}`}`;
}
