import { html, nothing, textOf, type Html } from '../../html/html.ts';
import { TOOL_VERSION } from '../../model/version.ts';
import { flagName } from '../../cli/command-line.ts';
import { OFFERED_STAGES, type Control, type OfferedOption, type OfferedStage } from '../offered.ts';

/** The page as every browser gets it; what there is and how it stands its modules ask the API. */
export function renderPage(): string {
  return textOf(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="referrer" content="no-referrer" />
          <title>Migrations</title>
          <link rel="icon" href="/assets/icon.svg" />
          <link rel="stylesheet" href="/assets/style.css" />
          <script type="module" src="/assets/app.js"></script>
        </head>
        <body>
          <a class="skip" href="#runs">To the runs</a>
          <header>
            <p class="kind">SQLite to PostgreSQL</p>
            <h1>Migrations</h1>
            <p id="connection" role="status" class="note">Loading…</p>
            <noscript
              ><p>The page needs JavaScript; the API under /api/v1/migration does not.</p></noscript
            >
          </header>
          <nav aria-label="Contents">
            <ul>
              <li><a href="#runs">Runs</a></li>
              <li><a href="#start">Start a stage</a></li>
              <li><a href="#places">Sources, artifacts, targets</a></li>
              <li><a href="/api/v1/openapi.json" id="openapi">API</a></li>
            </ul>
          </nav>
          <p id="announcer" class="unseen" role="status" aria-live="polite"></p>
          <main>
            ${RUN_SECTION}
            <section id="runs" aria-labelledby="runs-title" tabindex="-1">
              <h2 id="runs-title">Runs</h2>
              <div id="runs-list"></div>
            </section>
            <section id="start" aria-labelledby="start-title" tabindex="-1">
              <h2 id="start-title">Start a stage</h2>
              ${OFFERED_STAGES.map(renderStage)}
            </section>
            <section id="places" aria-labelledby="places-title" tabindex="-1">
              <h2 id="places-title">Sources, artifacts, targets</h2>
              <div id="places-list"></div>
              <div id="place-detail" tabindex="-1"></div>
            </section>
          </main>
          <footer>
            Toolkit ${TOOL_VERSION}. A run goes on when this page is closed, and when the server is.
          </footer>
          ${DIALOGS}
        </body>
      </html> `,
  );
}

const RUN_SECTION = html`<section id="run" aria-labelledby="run-title" hidden>
  <h2 id="run-title" tabindex="-1"></h2>
  <p class="note"><code id="run-command"></code></p>
  <div id="run-verdict" class="verdict"></div>
  <div id="run-actions" class="actions"></div>
  <label id="run-bar-label" for="run-bar"></label>
  <progress id="run-bar" max="100"></progress>
  <dl class="facts" id="run-facts"></dl>
  <div id="run-errors"></div>
  <div id="run-recommendations"></div>
  <div id="run-findings"></div>
  <div id="run-tables"></div>
  <details id="run-log-box">
    <summary>Log</summary>
    <pre id="run-log" tabindex="0" role="region" aria-label="Log"></pre>
  </details>
</section>`;

const DIALOGS = html`<dialog id="confirm" aria-labelledby="confirm-title">
    <form method="dialog">
      <h2 id="confirm-title"></h2>
      <p id="confirm-text"></p>
      <p>
        <label for="confirm-typed">Type <strong id="confirm-word"></strong> to go on</label>
        <input
          id="confirm-typed"
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          required
        />
      </p>
      <p id="confirm-extra" hidden>
        <input type="checkbox" id="confirm-check" />
        <label for="confirm-check" id="confirm-check-label"></label>
      </p>
      <p id="confirm-fault" class="fault" role="alert"></p>
      <p class="actions">
        <button type="submit" value="yes" id="confirm-yes" class="danger"></button>
        <button type="submit" value="no" formnovalidate>Cancel</button>
      </p>
    </form>
  </dialog>
  <dialog id="login" aria-labelledby="login-title">
    <form method="dialog">
      <h2 id="login-title">The server asks for its token</h2>
      <p>
        <label for="login-token">Token</label>
        <input id="login-token" type="password" autocomplete="off" required />
      </p>
      <p class="note">It is kept until this tab is closed.</p>
      <p id="login-fault" class="fault" role="alert"></p>
      <p class="actions"><button type="submit" value="yes">Go on</button></p>
    </form>
  </dialog>`;

function renderStage({ stage, summary, takesArtifact, options }: OfferedStage): Html {
  const first = options.filter(isFirst);
  const others = options.filter((option) => !isFirst(option));
  return html`<details class="stage" name="stage" id="stage-${stage}">
    <summary>${capital(stage)}</summary>
    <p class="note">${summary}</p>
    <form data-stage="${stage}" aria-label="${capital(stage)}" novalidate>
      ${takesArtifact ? renderArtifact(stage) : nothing}
      ${first.map((option) => renderOption(stage, option))}
      <details>
        <summary>More options</summary>
        ${others.map((option) => renderOption(stage, option))}
      </details>
      <p class="fault" role="alert" tabindex="-1"></p>
      <p class="actions">${renderButtons(stage)}</p>
    </form>
  </details> `;
}

function isFirst({ control }: OfferedOption): boolean {
  return control.kind === 'name-of' || control.kind === 'new-artifact';
}

function renderArtifact(stage: string): Html {
  return html`<div class="field">
    <label for="${stage}-artifact">artifact <span class="must">required</span></label>
    <select id="${stage}-artifact" name="artifact" data-thing="artifact" required></select>
  </div> `;
}

function renderOption(stage: string, option: OfferedOption): Html {
  const { name, description, defaultText, isRequired, control } = option;
  const id = `${stage}-${name}`;
  const hint = defaultText === undefined ? description : `${description}. Default: ${defaultText}`;
  const label = flagName(name).slice(2);
  const must = isRequired ? html` <span class="must">required</span>` : nothing;
  const field = renderControl(id, option);
  const described = html`<p class="note" id="${id}-hint">${hint}</p>`;
  return control.kind === 'switch'
    ? html`<div class="field">${field} <label for="${id}">${label}</label>${described}</div> `
    : html`<div class="field">
        <label for="${id}">${label}${must}</label>${field}${described}
      </div> `;
}

function renderControl(id: string, { name, isRequired, control }: OfferedOption): Html {
  const common = html`id="${id}" name="${name}" data-kind="${control.kind}"
  aria-describedby="${id}-hint"${isRequired ? html` required` : nothing}`;
  switch (control.kind) {
    case 'switch':
      return html`<input type="checkbox" ${common} />`;
    case 'number':
      return html`<input
        type="number"
        step="1"
        min="${control.minimum}"
        ${maximumOf(control)}
        ${common}
      />`;
    case 'choice':
      return html`<select ${common}>
        <option value="">(default)</option>
        ${control.words.map((word) => html`<option>${word}</option>`)}
      </select>`;
    case 'name-of':
      return html`<select data-thing="${control.thing}" ${common}></select>`;
    case 'text':
    case 'names':
    case 'new-artifact':
      return html`<input type="text" autocomplete="off" spellcheck="false" ${common} />`;
    default:
      return control satisfies never;
  }
}

function maximumOf({ maximum }: Extract<Control, { kind: 'number' }>): Html {
  return maximum === undefined ? nothing : html` max="${maximum}"`;
}

function renderButtons(stage: string): Html {
  return stage === 'import'
    ? html`<button type="submit" value="start" class="danger">Import…</button>
        <button type="submit" value="dry-run">Dry run…</button>`
    : html`<button type="submit" value="start">${capital(stage)}</button>`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
