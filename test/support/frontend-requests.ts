/**
 * What a client sends to a PostgreSQL server, in the units that the server acts on.
 *
 * Source: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
type RequestKind =
  /** Opens a session, or asks for TLS or for the cancellation of another one. */
  | 'startup'
  /** A statement, with its parameters where it has some. */
  | 'statement'
  | 'copy-data'
  | 'copy-done'
  | 'copy-fail'
  /** The session says goodbye. */
  | 'terminate'
  /** A password and the like. */
  | 'other';

export interface FrontendRequest {
  readonly kind: RequestKind;
  /** The SQL of a statement; else empty. */
  readonly sql: string;
  readonly bytes: Buffer;
}

const KINDS: Readonly<Record<string, RequestKind>> = {
  Q: 'statement',
  P: 'statement',
  d: 'copy-data',
  c: 'copy-done',
  f: 'copy-fail',
  X: 'terminate',
};

/** A statement with parameters is sent as several messages, from Parse to Sync. */
const FIRST_OF_SEVERAL = 'P';
const LAST_OF_SEVERAL = 'S';
const LENGTH_BYTES = 4;

/** Cuts a client's bytes into requests; keeps what is not whole yet for the next call. */
export function frontendRequests(): (chunk: Buffer) => FrontendRequest[] {
  const nextMessage = messages();
  let isStarted = false;
  let several: { sql: string; bytes: Buffer[] } | undefined;
  return (chunk) => {
    const requests: FrontendRequest[] = [];
    nextMessage.add(chunk);
    for (;;) {
      const bytes = nextMessage.take(isStarted);
      if (bytes === undefined) return requests;
      if (!isStarted) {
        isStarted = true;
        requests.push({ kind: 'startup', sql: '', bytes });
        continue;
      }
      const type = String.fromCharCode(bytes[0] ?? 0);
      if (type === FIRST_OF_SEVERAL) several = { sql: sqlOf(type, bytes), bytes: [] };
      if (several === undefined) {
        requests.push({ kind: KINDS[type] ?? 'other', sql: sqlOf(type, bytes), bytes });
        continue;
      }
      several.bytes.push(bytes);
      if (type !== LAST_OF_SEVERAL) continue;
      requests.push({ kind: 'statement', sql: several.sql, bytes: Buffer.concat(several.bytes) });
      several = undefined;
    }
  };
}

/** Counts in a server's bytes how often it says that it is ready for the next statement. */
export function readyForQueryCounter(): (chunk: Buffer) => number {
  const nextMessage = messages();
  return (chunk) => {
    let count = 0;
    nextMessage.add(chunk);
    for (;;) {
      const message = nextMessage.take(true);
      if (message === undefined) return count;
      if (message[0] === 'Z'.charCodeAt(0)) count += 1;
    }
  };
}

/** Each message has its length in it, behind a letter that only the very first lacks. */
function messages(): {
  add: (chunk: Buffer) => void;
  take: (hasLetter: boolean) => Buffer | undefined;
} {
  let rest: Buffer = Buffer.alloc(0);
  return {
    add: (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    },
    take: (hasLetter) => {
      const letterBytes = hasLetter ? 1 : 0;
      if (rest.length < letterBytes + LENGTH_BYTES) return undefined;
      const sizeBytes = letterBytes + rest.readUInt32BE(letterBytes);
      if (rest.length < sizeBytes) return undefined;
      const message = rest.subarray(0, sizeBytes);
      rest = rest.subarray(sizeBytes);
      return message;
    },
  };
}

function sqlOf(type: string, bytes: Buffer): string {
  const body = bytes.subarray(1 + LENGTH_BYTES);
  if (type === 'Q') return body.subarray(0, -1).toString();
  if (type !== FIRST_OF_SEVERAL) return '';
  const [, sql = ''] = body.toString().split('\0');
  return sql;
}
