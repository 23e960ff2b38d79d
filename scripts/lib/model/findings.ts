import * as z from 'zod';

/** How many examples a finding carries; `total` is always exact. */
export const MAX_EXAMPLES = 20;

export const placeSchema = z.object({
  table: z
    .string()
    .optional()
    .describe('table name, as the side that the finding speaks of has it'),
  column: z.string().optional().describe('column name, or several joined by a comma'),
  constraint: z.string().optional().describe('name or description of the constraint'),
  rowKey: z.string().optional().describe('primary key of the row, as `column=value`'),
  file: z.string().optional().describe('file, relative to the artifact where it is inside it'),
  line: z.number().int().optional().describe('line in the file, from 1'),
});

export const exampleSchema = z.object({
  rowKey: z.string().optional().describe('primary key of the row, as `column=value`'),
  line: z.number().int().optional().describe('line of the row in its data file, from 1'),
  detail: z.string().optional().describe('what is wrong with this one'),
});

export const findingSchema = z.object({
  code: z.string().describe('stable name of the kind of finding'),
  severity: z
    .enum(['blocking', 'warning', 'info'])
    .describe(
      'blocking findings make the exit code 3; of import 11 (integrity), 13 (structure) or 3 (data)',
    ),
  kind: z
    .enum(['data', 'structure', 'integrity'])
    .describe(
      'data: rows; structure: tables, columns, migrations; integrity: the files themselves',
    ),
  message: z.string().describe('what was found, in one sentence'),
  where: placeSchema.describe('where it was found'),
  total: z.number().int().describe('exact number of occurrences'),
  examples: z.array(exampleSchema).describe(`the first ${MAX_EXAMPLES} occurrences`),
  hint: z.string().optional().describe('what to do next'),
});

/** A fact about data or structure: collected and reported, never thrown. */
export type Finding = z.infer<typeof findingSchema>;
export type FindingExample = z.infer<typeof exampleSchema>;

/** What identifies a finding while its occurrences are being counted. */
export type FindingHead = Pick<Finding, 'code' | 'severity' | 'kind' | 'message' | 'where'> & {
  readonly hint?: string | undefined;
};

/**
 * Findings with the blocking ones first; among those of one severity damage before all else, because
 * the rest may only follow from it; otherwise in the order they were met.
 */
export function inReportOrder(findings: readonly Finding[]): Finding[] {
  const bySeverity = { blocking: 0, warning: 1, info: 2 } as const;
  const byKind = { integrity: 0, structure: 1, data: 2 } as const;
  return findings.toSorted(
    (a, b) => bySeverity[a.severity] - bySeverity[b.severity] || byKind[a.kind] - byKind[b.kind],
  );
}

/**
 * Collects findings: occurrences with the same head become one finding with an exact total and the
 * first {@link MAX_EXAMPLES} examples, so memory does not grow with the number of bad rows.
 */
export class FindingCollector {
  readonly #findings = new Map<string, Finding>();

  /** Counts one occurrence under `head`, keeping `example` while there is room. */
  add(head: FindingHead, example?: FindingExample): void {
    this.addCounted(head, 1, example === undefined ? [] : [example]);
  }

  /** Counts `total` occurrences at once, keeping their examples while there is room. */
  addCounted(head: FindingHead, total: number, examples: readonly FindingExample[]): void {
    const finding = this.#findingFor(head);
    finding.total += total;
    finding.examples.push(...examples.slice(0, MAX_EXAMPLES - finding.examples.length));
  }

  /** All findings, {@link inReportOrder}. */
  list(): Finding[] {
    return inReportOrder([...this.#findings.values()]);
  }

  get hasBlocking(): boolean {
    return this.#has((finding) => finding.severity === 'blocking');
  }

  /** Whether a blocking finding of this kind was met. */
  hasBlockingOf(kind: Finding['kind']): boolean {
    return this.#has((finding) => finding.severity === 'blocking' && finding.kind === kind);
  }

  #findingFor(head: FindingHead): Finding {
    const key = JSON.stringify([head.code, head.where, head.message]);
    const known = this.#findings.get(key);
    if (known !== undefined) return known;
    const { hint, ...rest } = head;
    const finding: Finding = {
      ...rest,
      total: 0,
      examples: [],
      ...(hint === undefined ? {} : { hint }),
    };
    this.#findings.set(key, finding);
    return finding;
  }

  #has(test: (finding: Finding) => boolean): boolean {
    return [...this.#findings.values()].some(test);
  }
}
