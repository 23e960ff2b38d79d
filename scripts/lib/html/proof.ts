import { formatPlural, formatTime } from '../cli/format.ts';
import { describeVerdict, isWhole } from '../cli/chain.ts';
import type { Proof, ProvenTable } from '../model/proof.ts';
import { shortDigest } from '../model/short-digest.ts';
import { html, nothing, type Html, type Part } from './html.ts';
import type { Section } from './page.ts';
import { isLong, renderTable } from './table.ts';
import { clip, name } from './text.ts';

/** The digests of source, archive and target, side by side. */
export function proofSection(proof: Proof): Section {
  const broken = proof.tables.filter((table) => !isWhole(table)).length;
  return {
    id: 'proof',
    title: 'The proof',
    isLong: isLong(proof.tables),
    body: html`${
      broken === 0
        ? nothing
        : html`<p class="no">
            The chain is broken in ${formatPlural(broken, 'table')} of ${proof.tables.length}.
          </p> `
    }${compared(proof)}
    ${renderTable({
      caption:
        'SHA-256 by table, the first 12 digits (the JSON report has all of each): source and archive must be the same, and the last two digests',
      columns: [
        { title: 'Table' },
        { title: 'Source' },
        { title: 'Archive' },
        { title: 'Archive as target' },
        { title: 'Target' },
        { title: 'Verdict' },
      ],
      rows: proof.tables.map((table) => proofRow(table, proof)),
    })}`,
  };
}

function compared({ sourceComparedAt, targetComparedAt, targetName }: Proof): Html {
  const source =
    sourceComparedAt === null
      ? 'The source was not compared (verify --against-source does)'
      : `The source was compared at ${formatTime(sourceComparedAt)}`;
  const target =
    targetComparedAt === null
      ? 'no target was compared in full (verify --target does)'
      : `the target ${clip(targetName ?? '', 200)} at ${formatTime(targetComparedAt)}`;
  return html`<p class="note">${source}; ${target}.</p>`;
}

function proofRow(table: ProvenTable, proof: Proof): Part[] {
  const verdict = describeVerdict(table, proof);
  return [
    name(table.table),
    digest(table.source?.sha256),
    digest(table.archive),
    digest(table.target?.archive),
    digest(table.target?.target),
    isWhole(table)
      ? isProven(table)
        ? html`<span class="ok">✓ ${verdict}</span>`
        : verdict
      : html`<span class="no">✗ ${verdict}</span>`,
  ];
}

function isProven({ source, target }: ProvenTable): boolean {
  return source !== null || target !== null;
}

/** The beginning of a digest; a dash where there is none. */
export function digest(sha256: string | null | undefined): Part {
  return sha256 == null ? '–' : html`<span class="sha">${shortDigest(sha256)}</span>`;
}
