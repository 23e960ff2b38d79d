import { createHash } from 'node:crypto';

import { formatBytes, formatDuration, formatTime } from '../cli/format.ts';
import { EXIT_CODES, type ExitCode } from '../cli/exit-codes.ts';
import { html, inline, nothing, textOf, type Html, type Part } from './html.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { clip } from './text.ts';

export interface Section {
  /** Stands in the address after `#`. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
  /** It may have thousands of rows, and is laid out only when somebody looks at it. */
  readonly isLong?: boolean;
}

/** What every report has, whether its script did its work or not. */
export interface Envelope {
  readonly command: string;
  readonly toolVersion: string;
  readonly startedAt: string;
  readonly elapsedMs: number;
  readonly exitCode: number;
  readonly peakMemoryBytes: number;
}

export interface Page {
  readonly report: Envelope;
  readonly title: string;
  /** What came of it, one sentence each. */
  readonly verdicts: readonly string[];
  readonly facts: readonly (readonly [term: string, value: Part])[];
  readonly sections: readonly (Section | null)[];
}

const MAX_TITLE = 120;
const MAX_VERDICT = 500;

/** A whole page: one file that asks nothing of any other. */
export function renderPage({ report, title, verdicts, facts, sections }: Page): string {
  const shown = sections.filter((section) => section !== null);
  const heading = clip(title, MAX_TITLE);
  return textOf(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy()}" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="referrer" content="no-referrer" />
          <title>${heading}</title>
          ${inline('style', STYLE)}
        </head>
        <body>
          <header>
            <p class="kind">SQLite to PostgreSQL: report of ${report.command}</p>
            <h1>${heading}</h1>
            ${renderVerdict(report, verdicts)}
            <dl class="facts">
              ${[...facts, ...commonFacts(report)].map(
                ([term, value]) =>
                  html`<div>
                    <dt>${term}</dt>
                    <dd>${value}</dd>
                  </div> `,
              )}
            </dl>
          </header>
          ${shown.length < 2 ? nothing : renderContents(shown)}
          <main>${shown.map(renderSection)}</main>
          <footer>
            Made by ${report.command} of the toolkit ${report.toolVersion} from its own report
            (<code>--json</code> prints it). This file needs no network and asks for nothing.
          </footer>
          ${inline('script', SCRIPT)}
        </body>
      </html> `,
  );
}

/** Nothing may be fetched, and no style or script but the page's own two count. */
function contentSecurityPolicy(): string {
  return [
    "default-src 'none'",
    `style-src '${sourceHash(STYLE)}'`,
    `script-src '${sourceHash(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** Source: https://www.w3.org/TR/CSP3/#grammardef-hash-source */
function sourceHash(piece: Html): string {
  return `sha256-${createHash('sha256').update(textOf(piece)).digest('base64')}`;
}

function renderVerdict({ exitCode }: Envelope, verdicts: readonly string[]): Html {
  const words = EXIT_CODES[exitCode as ExitCode] ?? '';
  return html`<div class="verdict ${exitCode === 0 ? 'good' : 'bad'}">
    <strong>${exitCode === 0 ? '✓' : '✗'} ${words.charAt(0).toUpperCase()}${words.slice(1)}</strong>
    ${verdicts.map((verdict) => html`<p>${clip(verdict, MAX_VERDICT)}</p> `)}
  </div>`;
}

function commonFacts(report: Envelope): Page['facts'] {
  return [
    ['Began', html`<time datetime="${report.startedAt}">${formatTime(report.startedAt)}</time>`],
    ['Took', formatDuration(report.elapsedMs)],
    ['Exit code', String(report.exitCode)],
    ['Most memory', formatBytes(report.peakMemoryBytes)],
  ];
}

function renderContents(sections: readonly Section[]): Html {
  return html`<nav aria-label="Contents">
    <ul>
      ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li> `)}
    </ul>
  </nav>`;
}

function renderSection({ id, title, body, isLong = false }: Section): Html {
  return html`<section
    id="${id}"
    aria-labelledby="${id}-title"
    ${isLong ? html` class="long"` : nothing}
  >
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section> `;
}
