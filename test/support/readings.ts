/** SQL over `v`, of a column's type, that shows what PostgreSQL holds to the last bit and by no setting. */
export const READ = {
  text: 'v::text',
  /** Bytes of the text in UTF-8; of char(n) without the blanks that fill it up. */
  textBytes: "encode(convert_to(v::text, 'UTF8'), 'hex')",
  bytes: "encode(v, 'hex')",
  double: "encode(float8send(v), 'hex')",
  single: "encode(float4send(v), 'hex')",
  /** Microseconds since 1970; of a timestamp without zone its clock read as UTC. */
  microseconds: 'trunc(extract(epoch FROM v) * 1000000)',
  days: "v - DATE '1970-01-01'",
  /** Microseconds of the clock's part, days, months: 8, 4 and 4 bytes. */
  interval: "encode(interval_send(v), 'hex')",
  timetz: "encode(timetz_send(v), 'hex')",
  /** Family, prefix, whether it is a cidr, length of the address, its bytes. */
  inet: "encode(inet_send(v), 'hex')",
  cidr: "encode(cidr_send(v), 'hex')",
} as const;

/** A text in UTF-8. */
export function utf8Bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('hex');
}

/** float8send */
export function sentDouble(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
}

/** float4send */
export function sentSingle(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return bytes.toString('hex');
}

/** interval_send: microseconds, days, months. */
export function sentInterval(months: number, days: number, microseconds: bigint): string {
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64BE(microseconds);
  bytes.writeInt32BE(days, 8);
  bytes.writeInt32BE(months, 12);
  return bytes.toString('hex');
}

/** timetz_send: microseconds, seconds west of UTC. */
export function sentTimetz(microseconds: bigint, offsetSeconds: number): string {
  const bytes = Buffer.alloc(12);
  bytes.writeBigInt64BE(microseconds);
  bytes.writeInt32BE(-offsetSeconds, 8);
  return bytes.toString('hex');
}
