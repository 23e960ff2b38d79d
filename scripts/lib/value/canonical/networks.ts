import { parseNetwork, type Network } from '../convert/networks.ts';

/** An address as PostgreSQL writes it: the prefix only where it is not the whole address. */
export function inetText(converted: string): string {
  const network = networkOf(converted);
  const suffix = network.prefix === network.width ? '' : `/${network.prefix}`;
  return addressText(network) + suffix;
}

/** A network as PostgreSQL writes it: always with its prefix. */
export function cidrText(converted: string): string {
  const network = networkOf(converted);
  return `${addressText(network)}/${network.prefix}`;
}

/** `08:00:2b:01:02:03` */
export function macaddrText(converted: string): string {
  const digits = converted.replaceAll(/[^0-9a-f]/gi, '').toLowerCase();
  return (digits.match(/../g) ?? []).join(':');
}

function networkOf(text: string): Network {
  const network = parseNetwork(text);
  if (network === null) throw new Error(`a converter wrote the address ${text}`);
  return network;
}

function addressText({ bits, width }: Network): string {
  return width === 32 ? version4Text(bits) : version6Text(bits);
}

function version4Text(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 0xffn)).join('.');
}

/**
 * The longest run of zeros, the first of several, is `::`; the last 32 bits stand in decimal where
 * all before them is zero, or `ffff` after zeros.
 *
 * Source: inet_net_ntop_ipv6 in PostgreSQL's port/inet_net_ntop.c
 */
function version6Text(bits: bigint): string {
  const words = Array.from({ length: 8 }, (_, index) =>
    Number((bits >> BigInt(112 - 16 * index)) & 0xffffn),
  );
  const { base, length } = longestZeros(words);
  const isVersion4 = base === 0 && (length === 6 || (length === 5 && words[5] === 0xffff));
  const groups = words.map((word) => word.toString(16));
  const written = isVersion4 ? [...groups.slice(0, 6), version4Text(bits & 0xffffffffn)] : groups;
  if (base === null) return written.join(':');
  return `${written.slice(0, base).join(':')}::${written.slice(base + length).join(':')}`;
}

interface Run {
  readonly base: number | null;
  readonly length: number;
}

/** One zero alone is no run. */
function longestZeros(words: readonly number[]): Run {
  let best: Run = { base: null, length: 1 };
  let length = 0;
  for (const [index, word] of words.entries()) {
    length = word === 0 ? length + 1 : 0;
    if (length > best.length) best = { base: index - length + 1, length };
  }
  return best;
}
