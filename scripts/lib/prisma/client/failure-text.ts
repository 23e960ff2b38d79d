/** Codes whose messages speak of the schema or the server, never of a value. */
const WITHOUT_VALUES = /^(?:P1\d{3}|P2021|P2022|P2024|P2037)$/;

/**
 * What Prisma says of a read that failed, without any value of the data. What is not one of Prisma's
 * own errors is named by its class alone, or by the code of the connection's failure.
 *
 * @param labels of the enums that the database has: they are no data
 * Source: https://www.prisma.io/docs/orm/reference/error-reference#error-codes
 */
export function describeFailure(error: Error, labels: ReadonlySet<string>): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^E[A-Z]+$/.test(code)) return `the connection failed (${code})`;
  if (!/^P\d{4}$/.test(code)) {
    return `what is there cannot be converted (${error.constructor.name})`;
  }
  const said = saidBy(error);
  return `${WITHOUT_VALUES.test(code) ? said : withoutValue(said, labels)} (${code})`;
}

/** The message without the line that repeats the call. */
function saidBy({ message }: Error): string {
  return message
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*Invalid .* invocation/.test(line))
    .join(' ')
    .trim();
}

function withoutValue(said: string, labels: ReadonlySet<string>): string {
  const [, label = '', name] = /^Value '(.*)' not found in enum '(\w+)'$/s.exec(said) ?? [];
  if (name !== undefined) {
    return labels.has(label)
      ? `the client's enum ${name} has no value for the label ${label}`
      : `the client's enum ${name} does not have a value that is there`;
  }
  // `Expected an integer in column 'total', got string: 12x`
  const [, wanted, instead = ''] =
    /^([^'"]*) in column '[^']*'(, got \w+(?=:)| is too large)?/.exec(said) ?? [];
  if (wanted !== undefined) return `${wanted}${instead}`;
  const [type] = /^Failed to deserialize column of type '[\w "]+'/.exec(said) ?? [];
  // What is fixed in a message of Prisma's stands before a colon or a quotation mark.
  return type ?? (/^[^'"`:]*/.exec(said)?.[0].trim() || 'no reason was given');
}
