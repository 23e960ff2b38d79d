import { describe, expect, it } from 'vitest';
import {
  FindingCollector,
  MAX_EXAMPLES,
  type FindingHead,
} from '../../../scripts/lib/model/findings.ts';

const head: FindingHead = {
  code: 'orphan',
  severity: 'blocking',
  kind: 'data',
  message: 'no parent',
  where: { table: 'orders' },
};

describe('a collector of findings', () => {
  it('makes one finding of occurrences of the same place, with an exact total and the first examples', () => {
    const findings = new FindingCollector();
    for (let line = 1; line <= 1000; line++) findings.add({ ...head }, { line });
    findings.add(head);
    const [finding, ...others] = findings.list();
    expect(others).toEqual([]);
    expect(finding?.total).toBe(1001);
    expect(finding?.examples.map(({ line }) => line)).toEqual(
      Array.from({ length: MAX_EXAMPLES }, (_, index) => index + 1),
    );
  });

  it('counts many at once', () => {
    const findings = new FindingCollector();
    findings.addCounted(head, 500, [{ line: 1 }]);
    findings.addCounted(
      head,
      7,
      Array.from({ length: 30 }, (_, line) => ({ line })),
    );
    expect(findings.list()[0]).toMatchObject({ total: 507 });
    expect(findings.list()[0]?.examples).toHaveLength(MAX_EXAMPLES);
  });

  it('keeps other places, codes and messages apart', () => {
    const findings = new FindingCollector();
    findings.add(head);
    findings.add({ ...head, where: { table: 'users' } });
    findings.add({ ...head, code: 'row-count' });
    findings.add({ ...head, message: 'other' });
    expect(findings.list().map(({ total }) => total)).toEqual([1, 1, 1, 1]);
  });

  it('lists damage before structure before data within a severity', () => {
    const findings = new FindingCollector();
    for (const kind of ['data', 'integrity', 'structure'] as const) {
      findings.add({ ...head, code: kind, kind });
      findings.add({ ...head, code: `${kind} warning`, kind, severity: 'warning' });
    }
    expect(findings.list().map(({ code }) => code)).toEqual([
      'integrity',
      'structure',
      'data',
      'integrity warning',
      'structure warning',
      'data warning',
    ]);
  });

  it('lists blocking ones first, otherwise as they were met', () => {
    const findings = new FindingCollector();
    for (const [code, severity] of [
      ['a', 'info'],
      ['b', 'warning'],
      ['c', 'blocking'],
      ['d', 'warning'],
      ['e', 'blocking'],
    ] as const) {
      findings.add({ ...head, code, severity });
    }
    expect(findings.list().map(({ code }) => code)).toEqual(['c', 'e', 'b', 'd', 'a']);
  });

  it('knows whether anything blocks, and of which kind', () => {
    const findings = new FindingCollector();
    findings.add({ ...head, severity: 'warning' });
    expect(findings.hasBlocking).toBe(false);
    findings.add({ ...head, code: 'x' });
    expect([
      findings.hasBlocking,
      findings.hasBlockingOf('data'),
      findings.hasBlockingOf('structure'),
    ]).toEqual([true, true, false]);
  });
});
