import { describe, expect, it } from 'vitest';
import { typeUnderTest } from '../../../support/converted.ts';

const inet = typeUnderTest('inet');
const cidr = typeUnderTest('cidr');
const macaddr = typeUnderTest('macaddr');

describe('inet and cidr', () => {
  it.each([
    '10.0.0.1',
    '10.0.0.0/8',
    '0.0.0.0/0',
    '255.255.255.255/32',
    '::',
    '::/0',
    '::1',
    '2001:db8::/32',
    '2001:DB8:0:0:0:0:0:0/32',
    'fe80::1:2:3:4',
    '::ffff:1.2.3.0/120',
    '1::',
  ])('take %s', (text) => {
    expect(inet.converted(text)).toBe(text);
    expect(cidr.converted(text)).toBe(text);
  });

  it.each([
    '',
    '10',
    '10.1',
    '256.0.0.1',
    '010.0.0.1',
    '10.0.0.1/33',
    '10.0.0.1/',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    ' 10.0.0.1',
    '::1/129',
    'fe80::1%eth0',
    ':::',
    'localhost',
  ])('refuse %j', (text) => {
    expect(inet.converted(text)).toBe('value-format');
    expect(cidr.converted(text)).toBe('value-format');
  });

  it.each([
    '10.0.0.1/8',
    '0.0.0.1/0',
    '255.255.255.255/31',
    '2001:db8::1/32',
    '1::/0',
    '::ffff:1.2.3.4/120',
    '::1.0.0.1/112',
  ])('differ in %s: only a host has bits to the right of its prefix', (text) => {
    expect(inet.converted(text)).toBe(text);
    expect(cidr.converted(text)).toBe('value-format');
  });
});

describe('macaddr', () => {
  it.each(['08:00:2b:01:02:03', '08-00-2B-01-02-03', '0800.2b01.0203', '08002b010203'])(
    'takes %s',
    (text) => {
      expect(macaddr.converted(text)).toBe(text);
    },
  );

  it.each(['', '08:00:2b:01:02', '08:00-2b:01:02:03', '08:00:2b:01:02:03:04', '0x002b010203'])(
    'refuses %j',
    (text) => {
      expect(macaddr.converted(text)).toBe('value-format');
    },
  );
});
