import { readFile } from 'node:fs/promises';

import { textOf } from '../../html/html.ts';
import { STYLE } from '../../html/style.ts';
import { renderPage } from './page.ts';

/** A file of the page, as a browser gets it. */
export interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

/** The modules of the page; a browser runs them as they are. */
const MODULES = ['app.js', 'api.js', 'dom.js', 'forms.js', 'lists.js', 'run-view.js'] as const;

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M2 5h7V2l5 6-5 6v-3H2z" fill="#0a5fb4"/></svg>';

/** Everything that a browser asks for to show the page. */
export async function pageFiles(): Promise<PageFile[]> {
  const own = await readText('page.css');
  return [
    { path: '/', type: 'text/html; charset=utf-8', text: renderPage() },
    { path: '/assets/icon.svg', type: 'image/svg+xml', text: ICON },
    { path: '/assets/style.css', type: CSS, text: `${textOf(STYLE)}\n${own}` },
    ...(await Promise.all(
      MODULES.map(async (name) => ({
        path: `/assets/${name}`,
        type: JAVASCRIPT,
        text: await readText(name),
      })),
    )),
  ];
}

async function readText(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}
