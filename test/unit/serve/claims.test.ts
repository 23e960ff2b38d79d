import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withClaim } from '../../../scripts/lib/serve/claims.ts';
import { codeOf } from '../../support/serve.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const SHOP = { key: 'db:5432/shop', name: 'staging' };
let folders = 0;

function claims(maxRuns = 4) {
  folders += 1;
  const runs = join(folder, String(folders));
  const atWork = new Set<string>();
  return {
    atWork,
    claim: (runId: string, target: typeof SHOP | null, begin: () => unknown = () => runId) =>
      withClaim(
        { runs, maxRuns },
        { runId, target },
        (other) => atWork.has(other),
        () => {
          const begun = begin();
          atWork.add(runId);
          return begun;
        },
      ),
  };
}

function failing(): never {
  throw new Error('no process');
}

describe('a claim', () => {
  it('is refused while another run has the target, under whatever name', () => {
    const { claim } = claims();
    claim('a', SHOP);
    expect(codeOf(() => claim('b', { ...SHOP, name: 'production' }))).toBe('target-busy');
  });

  it('names who has the target', () => {
    const { claim } = claims();
    claim('20260101T000000Z-000001', SHOP);
    expect(() => claim('b', SHOP)).toThrow(/staging.*20260101T000000Z-000001/);
  });

  it('is given once the other run is gone, however it went', () => {
    const { claim, atWork } = claims();
    claim('a', SHOP);
    atWork.delete('a');
    expect(claim('b', SHOP)).toBe('b');
  });

  it('is given to runs with other targets, and to those without', () => {
    const { claim } = claims();
    claim('a', SHOP);
    expect(claim('b', { key: 'db:5432/other', name: 'other' })).toBe('b');
    expect(claim('c', null)).toBe('c');
    expect(claim('d', null)).toBe('d');
  });

  it('is refused when too many runs are at work', () => {
    const { claim, atWork } = claims(2);
    claim('a', null);
    claim('b', null);
    expect(codeOf(() => claim('c', null))).toBe('too-many-runs');
    atWork.delete('a');
    expect(claim('c', null)).toBe('c');
  });

  it('is given back when the run cannot begin', () => {
    const { claim } = claims();
    expect(() => claim('a', SHOP, failing)).toThrow('no process');
    expect(claim('b', SHOP)).toBe('b');
  });
});
