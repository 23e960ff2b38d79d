import { isIPv4, isIPv6 } from 'node:net';

import { Misfit } from './converter.ts';

/** An IP address with a prefix. */
export interface Network {
  readonly bits: bigint;
  /** All bits of an address: 32 or 128. */
  readonly width: number;
  /** Bits of the network part. */
  readonly prefix: number;
}

/** TEXT that is an IPv4 or IPv6 address in full, with a prefix length or without. */
export function inetText(value: string): string | Misfit {
  return parseNetwork(value) === null
    ? new Misfit('value-format', 'is not an IP address or network')
    : value;
}

/** The same, without bits set to the right of the prefix. */
export function cidrText(value: string): string | Misfit {
  const network = parseNetwork(value);
  if (network === null) return new Misfit('value-format', 'is not an IP network');
  const { bits, width, prefix } = network;
  return BigInt.asUintN(width - prefix, bits) === 0n
    ? value
    : new Misfit('value-format', `has bits set to the right of its prefix of ${prefix} bits`);
}

/** Reads an IPv4 or IPv6 address in full, with a prefix length or without; null when it is neither. */
export function parseNetwork(text: string): Network | null {
  const [, address = '', prefixText] = /^([^/]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  // A zone (%eth0) is of one machine, and PostgreSQL has none.
  const isVersion6 = isIPv6(address) && !address.includes('%');
  if (!isVersion6 && !isIPv4(address)) return null;
  const width = isVersion6 ? 128 : 32;
  const prefix = prefixText === undefined ? width : Number(prefixText);
  if (prefix > width) return null;
  return { bits: isVersion6 ? bitsOfVersion6(address) : bitsOfVersion4(address), width, prefix };
}

function bitsOfVersion4(address: string): bigint {
  return address.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function bitsOfVersion6(address: string): bigint {
  // The last 32 bits may be written as an IPv4 address.
  const dotted = /[^:]*\.[^:]*$/.exec(address)?.[0];
  const low = dotted === undefined ? 0n : bitsOfVersion4(dotted);
  const groups = dotted === undefined ? address : address.slice(0, -dotted.length) + '0:0';
  const [before = '', after] = groups.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  const high = [...head, ...zeros, ...tail].reduce(
    (bits, group) => (bits << 16n) | BigInt(`0x${group}`),
    0n,
  );
  return high | low;
}

const MACADDR =
  /^(?:[0-9a-f]{2}(?::[0-9a-f]{2}){5}|[0-9a-f]{2}(?:-[0-9a-f]{2}){5}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}|[0-9a-f]{12})$/i;

/** TEXT that is a MAC address of six bytes, with colons, hyphens, two points or nothing between them. */
export function macaddrText(value: string): string | Misfit {
  return MACADDR.test(value) ? value : new Misfit('value-format', 'is not a MAC address');
}
