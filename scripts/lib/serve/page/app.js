// @ts-check
import { byId } from './dom.js';
import { fillChoices, wireForms } from './forms.js';
import { showPlaces, showRuns } from './lists.js';
import { leaveRun, openRun } from './run-view.js';

const REFRESH_EVERY_MS = 3000;

/** Shows what the address names. */
async function route() {
  const [, id] = /^#\/run\/([0-9A-Za-z-]+)$/.exec(location.hash) ?? [];
  if (id === undefined) {
    if (location.hash === '') leaveRun();
    return;
  }
  await guarded(() => openRun(id, goToRun));
}

/** @param {string} id */
function goToRun(id) {
  location.hash = `#/run/${id}`;
}

/** @param {() => Promise<unknown>} work */
async function guarded(work) {
  const place = byId('connection');
  try {
    await work();
    if (place.textContent !== '') place.textContent = '';
  } catch (error) {
    const text =
      error instanceof TypeError
        ? 'The server cannot be reached; the runs go on.'
        : String(error instanceof Error ? error.message : error);
    if (place.textContent !== text) place.textContent = text;
  }
}

async function refresh() {
  await guarded(async () => {
    showPlaces(await fillChoices());
    await showRuns();
  });
}

async function keepFresh() {
  for (;;) {
    if (document.visibilityState === 'visible') await refresh();
    await new Promise((resolve) => {
      setTimeout(resolve, REFRESH_EVERY_MS);
    });
  }
}

wireForms(goToRun);
addEventListener('hashchange', () => void route());
await refresh();
void keepFresh();
await route();
