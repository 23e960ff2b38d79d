import { join } from 'node:path';
import axe from 'axe-core';
import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NO_CHROMIUM, findChromium } from '../../support/chromium.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { exportArtifact } from '../../support/in-process.ts';
import { serveInProcess, servedFolder, whileLocked, type Asked } from '../../support/serve.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

/** A run is a process, and a browser is many. */
const SLOW = { timeout: 120_000 };
const TOKEN = 'a-token-that-is-long-enough';

const folder = temporaryFolder();
const source = join(folder, 'sources', 'shop.db');
const artifact = join(folder, 'artifacts', 'shop');
const program = findChromium();
let browser: Browser | undefined;
let database: TestDatabase;
let server: Asked & { readonly close: () => Promise<void> };
const noise: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query(
    `CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);
     CREATE TABLE "<b>orders</b>" (id integer PRIMARY KEY)`,
  );
  const config = servedFolder(folder, { targets: [{ name: 'staging', url: database.url }] });
  createSource(
    source,
    `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
     INSERT INTO users VALUES (1, 'one'), (2, 'two');
     CREATE TABLE "<b>orders</b>" (id INTEGER PRIMARY KEY);
     INSERT INTO "<b>orders</b>" VALUES (1), (2), (3);`,
  );
  await exportArtifact(source, artifact);
  server = await serveInProcess(config);
  if (program === undefined) return;
  browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
});

afterAll(async () => {
  await browser?.close();
  await server.close();
});

// What the page logs, what its policy refuses, and what it throws.
afterEach(() => {
  const heard = noise.splice(0);
  if (heard.length > 0) throw new Error(heard.join('\n'));
});

async function open(
  opened: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await (await opened.newContext(options)).newPage();
  page.setDefaultTimeout(60_000);
  page.on('pageerror', ({ message }) => noise.push(message));
  page.on('console', (message) => {
    const isToken = message.text().includes('401');
    if (message.type() === 'error' && !isToken) noise.push(message.text());
  });
  await page.goto(url);
  return page;
}

/** The faults that axe calls serious or critical. */
async function seriousFaults(page: Page): Promise<unknown> {
  // The policy of the page lets no script in; the test's own comes past it.
  return page.evaluate(`${axe.source}; axe.run(document).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`);
}

/** The id of what has the focus. */
async function focused(page: Page): Promise<unknown> {
  return page.evaluate('document.activeElement.id');
}

async function fillImport(page: Page): Promise<Locator> {
  const form = page.getByRole('form', { name: 'Import' });
  if (!(await form.isVisible())) await page.locator('#stage-import > summary').click();
  await form.getByLabel('artifact').selectOption(artifact);
  await form.getByLabel('target').selectOption('staging');
  if (!(await form.getByLabel('skip-migration-check').isVisible())) {
    await form.getByText('More options').click();
  }
  await form.getByLabel('skip-migration-check').check();
  return form;
}

async function confirm(page: Page, word: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill(word);
  await page.keyboard.press('Enter');
}

async function verdict(page: Page, text: string): Promise<void> {
  await page.locator('#run-verdict').getByText(text).waitFor();
}

async function rows(): Promise<unknown> {
  const [row] = await database.query('SELECT count(*)::int AS users FROM users');
  return row?.['users'];
}

describe('the page', SLOW, () => {
  it('starts an import, shows it to its end, and rolls it back', async ({ skip }) => {
    if (browser === undefined) return skip(NO_CHROMIUM);
    const page = await open(browser, server.url);
    await page.getByRole('table', { name: 'Artifacts' }).getByText(artifact).waitFor();
    const form = await fillImport(page);
    await form.getByLabel('lock-timeout').fill('0');
    await whileLocked(database, 'users', async () => {
      await form.getByRole('button', { name: 'Import…' }).click();
      await confirm(page, 'production');
      await page.getByRole('dialog').getByText('That is not staging.').waitFor();
      await confirm(page, 'staging');
      await verdict(page, 'running');
      expect(await focused(page)).toBe('run-title');
      await page.getByRole('button', { name: 'Stop…' }).waitFor();
      expect(await seriousFaults(page)).toEqual([]);
    });
    await verdict(page, 'succeeded');
    expect(await rows()).toBe(2);
    const tables = page.getByRole('table', { name: 'Tables: load' });
    await tables.getByRole('rowheader', { name: '<b>orders</b>' }).waitFor();
    expect(await tables.getByRole('row').count()).toBe(3);
    await page.getByText('verify the artifact against the target').waitFor();
    await page.locator('#announcer').getByText('The run has ended: succeeded.').waitFor();
    await page.getByText('Log', { exact: true }).click();
    await page.locator('#run-log').getByText('5 rows loaded').waitFor();
    await page.getByRole('button', { name: 'Roll back…' }).click();
    await confirm(page, 'staging');
    await page.getByRole('heading', { name: 'import: rollback staging' }).waitFor();
    await verdict(page, 'succeeded');
    expect(await rows()).toBe(0);
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('shows a finding with what to do, and a dry run that is asked for again', async ({ skip }) => {
    if (browser === undefined) return skip(NO_CHROMIUM);
    await database.query("INSERT INTO users VALUES (9, 'here before')");
    const page = await open(browser, server.url, {
      colorScheme: 'dark',
      viewport: { width: 390, height: 844 },
    });
    const form = await fillImport(page);
    await form.getByRole('button', { name: 'Dry run…' }).click();
    await page.keyboard.press('Escape');
    await form.getByRole('button', { name: 'Dry run…' }).click();
    await confirm(page, 'staging');
    await verdict(page, 'findings');
    await page.locator('#run-findings').getByText('--truncate').waitFor();
    expect(await rows()).toBe(1);
    expect(await seriousFaults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await database.query('DELETE FROM users');
  });

  it('works by the keyboard alone, and says what is missing', async ({ skip }) => {
    if (browser === undefined) return skip(NO_CHROMIUM);
    const page = await open(browser, server.url);
    await page.getByRole('table', { name: 'Sources' }).getByText(source).waitFor();
    await page.locator('#stage-analyze > summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const chosen = page.locator('#analyze-source');
    expect(await focused(page)).toBe('analyze-source');
    await chosen.selectOption('');
    await page.getByRole('form', { name: 'Analyze' }).getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.getByText('source is missing.').waitFor();
    expect(await focused(page)).toBe('analyze-source');
    await chosen.selectOption(source);
    await page.getByRole('form', { name: 'Analyze' }).getByRole('button').focus();
    await page.keyboard.press('Enter');
    await verdict(page, 'succeeded');
    await page.goBack();
    await page.locator('#run').waitFor({ state: 'hidden' });
  });

  it('shows tables, columns and the journal', async ({ skip }) => {
    if (browser === undefined) return skip(NO_CHROMIUM);
    const page = await open(browser, server.url);
    await page.getByRole('button', { name: artifact }).click();
    await page.getByRole('button', { name: 'users: columns' }).click();
    await page.getByRole('rowheader', { name: 'name' }).waitFor();
    await page.getByRole('button', { name: 'Journal of staging' }).click();
    await page
      .getByRole('table', { name: /^Imports into staging/ })
      .getByText('rolled-back')
      .waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('asks for the token where there is one, and keeps it for the tab', async ({ skip }) => {
    if (browser === undefined) return skip(NO_CHROMIUM);
    const guarded = await serveInProcess({ ...servedFolder(folder), token: TOKEN });
    try {
      const page = await open(browser, guarded.url);
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Token').fill('a guess that is wrong');
      await page.keyboard.press('Enter');
      await dialog.getByText('not the right one').waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await dialog.getByLabel('Token').fill(TOKEN);
      await page.keyboard.press('Enter');
      await page.getByRole('table', { name: /^Runs/ }).waitFor();
      await page.reload();
      await page.getByRole('table', { name: /^Runs/ }).waitFor();
      expect(await dialog.isVisible()).toBe(false);
    } finally {
      await guarded.close();
    }
  });
});
