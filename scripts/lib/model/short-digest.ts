const SHOWN_DIGITS = 12;

/** The first digits of a SHA-256 in hexadecimal: enough for a person to tell two apart. */
export function shortDigest(sha256: string): string {
  return sha256.slice(0, SHOWN_DIGITS);
}
