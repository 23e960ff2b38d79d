// @ts-check
import { get, post } from './api.js';
import { announce, byId, el } from './dom.js';

/**
 * Asks a person to type a word.
 * @param {{ title: string, text: string, word: string, button: string, check?: string }} question
 * @returns {Promise<{ isChecked: boolean } | null>} null when it was not typed
 */
export function askToType({ title, text, word, button, check }) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('confirm'));
  const typed = /** @type {HTMLInputElement} */ (byId('confirm-typed'));
  const box = /** @type {HTMLInputElement} */ (byId('confirm-check'));
  byId('confirm-title').textContent = title;
  byId('confirm-text').textContent = text;
  byId('confirm-word').textContent = word;
  byId('confirm-yes').textContent = button;
  byId('confirm-extra').hidden = check === undefined;
  byId('confirm-check-label').textContent = check ?? '';
  byId('confirm-fault').textContent = '';
  typed.value = '';
  box.checked = false;
  dialog.returnValue = 'no';
  dialog.showModal();
  typed.focus();
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => resolve(dialog.returnValue === 'yes' ? { isChecked: box.checked } : null),
      { once: true },
    );
  });
}

/**
 * Keeps the question open until the word is typed, or the answer is no.
 * @param {SubmitEvent} event
 */
function refuseOtherWord(event) {
  const typed = /** @type {HTMLInputElement} */ (byId('confirm-typed'));
  const word = byId('confirm-word').textContent;
  if (event.submitter?.getAttribute('value') === 'no' || typed.value === word) return;
  event.preventDefault();
  byId('confirm-fault').textContent = `That is not ${word}.`;
  typed.focus();
}

/** Fills the lists of names; what was chosen stays chosen. */
export async function fillChoices() {
  const [sources, artifacts, mappings, targets] = await Promise.all([
    get('/sources'),
    get('/artifacts'),
    get('/mappings'),
    get('/targets'),
  ]);
  /** @type {Record<string, { name: string }[]>} */
  const names = {
    source: sources.sources,
    artifact: artifacts.artifacts,
    mapping: mappings.mappings,
    target: targets.targets,
  };
  for (const select of selects()) {
    const chosen = select.value;
    const known = names[select.dataset['thing'] ?? ''] ?? [];
    const none = select.required ? (known.length === 0 ? 'there is none' : 'choose…') : 'none';
    const wanted = ['', ...known.map(({ name }) => name)];
    const isSame =
      wanted.length === select.options.length &&
      wanted.every((name, at) => select.options[at]?.value === name);
    if (isSame) continue;
    select.replaceChildren(
      el('option', { value: '' }, `(${none})`),
      ...known.map(({ name }) => el('option', { value: name }, name)),
    );
    if (known.some(({ name }) => name === chosen)) select.value = chosen;
    else if (select.required && known.length === 1) select.selectedIndex = 1;
  }
  return { sources: sources.sources, artifacts: artifacts.artifacts, targets: targets.targets };
}

function selects() {
  /** @type {NodeListOf<HTMLSelectElement>} */
  const found = document.querySelectorAll('select[data-thing]');
  return found;
}

/**
 * Makes the forms start runs.
 * @param {(id: string) => void} onStarted
 */
export function wireForms(onStarted) {
  byId('confirm').addEventListener('submit', refuseOtherWord);
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (
    document.querySelectorAll('form[data-stage]')
  )) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const { submitter } = event;
      void submit(form, submitter?.getAttribute('value') ?? 'start', onStarted);
    });
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} action
 * @param {(id: string) => void} onStarted
 */
async function submit(form, action, onStarted) {
  const fault = /** @type {HTMLElement} */ (form.querySelector('.fault'));
  fault.textContent = '';
  const missing = [...form.elements].find((field) => 'required' in field && isMissing(field));
  if (missing instanceof HTMLElement) {
    fault.textContent = `${missing.getAttribute('name')} is missing.`;
    missing.focus();
    return;
  }
  const stage = form.dataset['stage'] ?? '';
  const request = readForm(form);
  try {
    const confirm = stage === 'import' ? await confirmImport(action, request) : {};
    if (confirm === null) return;
    const body = action === 'dry-run' ? {} : { stage };
    const { id } = await post(`/${action}`, { ...body, ...request, ...confirm });
    announce('The run has begun.', true);
    onStarted(id);
  } catch (error) {
    fault.textContent = error instanceof Error ? error.message : String(error);
    fault.focus();
  }
}

/** @param {Element} field */
function isMissing(field) {
  const { required, value } = /** @type {HTMLInputElement} */ (field);
  return required && value === '';
}

/**
 * @param {string} action
 * @param {{ artifact?: string, options: Record<string, unknown> }} request
 */
async function confirmImport(action, { artifact, options }) {
  const word = String(options['target']);
  const isDryRun = action === 'dry-run';
  const empties = options['truncate'] === true;
  const answer = await askToType({
    title: isDryRun ? `Dry run into ${word}` : `Import into ${word}`,
    text: isDryRun
      ? `${artifact} is loaded into ${word} in one transaction, which is rolled back. Its tables are locked meanwhile.`
      : `${artifact} is loaded into ${word}.${empties ? ' The tables are emptied first: the rows that they hold are lost.' : ''}`,
    word,
    button: isDryRun ? 'Dry run' : 'Import',
  });
  return answer === null ? null : { confirm: word };
}

/**
 * @param {HTMLFormElement} form
 * @returns {{ artifact?: string, options: Record<string, unknown> }}
 */
function readForm(form) {
  /** @type {Record<string, unknown>} */
  const options = {};
  /** @type {string | undefined} */
  let artifact;
  for (const element of form.elements) {
    const { name, value, checked } = /** @type {HTMLInputElement} */ (element);
    const kind = /** @type {HTMLElement} */ (element).dataset['kind'];
    if (name === 'artifact' && kind === undefined) artifact = value;
    else if (kind === 'switch' && checked) options[name] = true;
    else if (kind !== undefined && kind !== 'switch' && value.trim() !== '') {
      options[name] = valueOf(kind, value.trim());
    }
  }
  return { ...(artifact === undefined ? {} : { artifact }), options };
}

/**
 * @param {string} kind
 * @param {string} value
 */
function valueOf(kind, value) {
  if (kind === 'number') return Number(value);
  if (kind !== 'names') return value;
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
