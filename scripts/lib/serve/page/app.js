// @ts-check
import { byId } from './dom.js';
import { fillChoices, wireForms } from './forms.js';
import { showPlaces, showRuns } from './lists.js';
import { leaveRun, openRun } from './run-view.js';

const REFRESH_EVERY_MS = 3000;
const PLACES_EVERY_MS = 30_000;

let placesAt = 0;

/** Shows what the address names. */
async function route() {
  const [, id] = /^#\/run\/([0-9A-Za-z-]+)$/.exec(location.hash) ?? [];
  if (id === undefined) {
    if (location.hash === '') leaveRun();
    return;
  }
  await guarded(() => openRun(id, goToRun, refreshPlaces));
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

async function refreshPlaces() {
  placesAt = Date.now();
  await guarded(async () => showPlaces(await fillChoices()));
}

async function keepFresh() {
  for (;;) {
    await new Promise((resolve) => {
      setTimeout(resolve, REFRESH_EVERY_MS);
    });
    if (document.visibilityState !== 'visible') continue;
    await guarded(showRuns);
    if (Date.now() - placesAt >= PLACES_EVERY_MS) await refreshPlaces();
  }
}

wireForms(goToRun);
addEventListener('hashchange', () => void route());
await refreshPlaces();
await guarded(showRuns);
void keepFresh();
await route();
