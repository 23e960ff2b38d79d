import { describe, expect, it } from 'vitest';
import { STANDARD_NAMESPACES, uuidV5 } from '../../../scripts/lib/mapping/uuid-v5.ts';

const { dns = '', url = '', oid = '', x500 = '' } = STANDARD_NAMESPACES;

describe('a UUID of version 5', () => {
  // The first is RFC 9562, appendix A.4; the others are what Python's uuid.uuid5 gives.
  it.each([
    [dns, 'www.example.com', '2ed6657d-e927-568b-95e1-2665a8aea6a2'],
    [dns, 'python.org', '886313e1-3b8a-5372-9b90-0c9aee199e5d'],
    [url, 'https://www.python.org/', '5406f80d-92e9-51cd-a176-77445955e733'],
    [oid, '1.3.6.1', '1447fa61-5277-5fef-a9b3-fbc6e44f4af3'],
    [x500, 'cn=Ada', '8e450373-d182-54c2-b29e-22b09e32c8cc'],
    [dns, '', '4ebd0208-8328-5d69-8c44-ec50939c0967'],
    [dns, 'Zoë 😀', 'f4cf2260-047b-5b04-b902-950aeb32e091'],
    ['5f0d6a0e-3c1b-4f57-9a41-7d2b8c6e1f90', '42', '57e70e87-f7ff-5ad1-847f-313caf0d8b3a'],
  ])('in the namespace %s of %j is %s', (namespace, name, expected) => {
    expect(uuidV5(namespace, name)).toBe(expected);
  });

  it('does not depend on how the namespace is written', () => {
    expect(uuidV5(dns.toUpperCase(), 'a')).toBe(uuidV5(dns, 'a'));
  });
});
