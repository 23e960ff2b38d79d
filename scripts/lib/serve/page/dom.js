// @ts-check
/** @typedef {string | number | Node | null | undefined} Child */

/**
 * The element of an id, which the page is known to have.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * An element; text is never taken for markup.
 * @param {string} tag
 * @param {Readonly<Record<string, string | EventListener>>} attributes listeners under `onclick` and the like
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined).map(asNode));
  return element;
}

/** @param {string | number | Node} child */
function asNode(child) {
  return typeof child === 'number' ? String(child) : child;
}

/**
 * A table that scrolls in its own box where the page is too narrow; the first cell of a row is its head.
 * @param {string} caption
 * @param {readonly string[]} columns a title that begins with # is that of numbers
 * @param {readonly (readonly Child[])[]} rows
 */
export function table(caption, columns, rows) {
  const isNumber = columns.map((title) => title.startsWith('#'));
  const heads = columns.map((title, at) =>
    el(
      'th',
      isNumber[at] ? { scope: 'col', class: 'n' } : { scope: 'col' },
      title.replace(/^#/, ''),
    ),
  );
  const body = rows.map((cells) =>
    el(
      'tr',
      {},
      ...cells.map((cell, at) =>
        at === 0
          ? el('th', { scope: 'row' }, cell)
          : el('td', isNumber[at] ? { class: 'n' } : {}, cell),
      ),
    ),
  );
  return el(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: '0' },
    el(
      'table',
      {},
      el('caption', {}, caption),
      el('thead', {}, el('tr', {}, ...heads)),
      el('tbody', {}, ...body),
    ),
  );
}

/**
 * Brings the text of a place up to date without touching what is the same: what a person has selected or
 * focused stays.
 * @param {Element} place
 * @param {Element} wanted
 */
export function morph(place, wanted) {
  if (place.isEqualNode(wanted)) return;
  const isSame =
    place.tagName === wanted.tagName && place.children.length === wanted.children.length;
  if (!isSame || wanted.children.length === 0) {
    place.replaceWith(wanted);
    return;
  }
  for (const { name, value } of wanted.attributes) place.setAttribute(name, value);
  if (place.childNodes.length !== place.children.length) {
    place.replaceWith(wanted);
    return;
  }
  for (const [at, child] of [...wanted.children].entries()) {
    const old = place.children[at];
    if (old !== undefined) morph(old, child);
  }
}

/**
 * Shows these elements in a place, in the stead of what was there, unless it is the same.
 * @param {string} id
 * @param {...(Element | null)} elements
 */
export function show(id, ...elements) {
  const place = byId(id);
  const wanted = elements.filter((element) => element !== null);
  if (place.children.length !== wanted.length) {
    place.replaceChildren(...wanted);
    return;
  }
  for (const [at, element] of wanted.entries()) {
    const old = place.children[at];
    if (old !== undefined) morph(old, element);
  }
}

const ANNOUNCE_EVERY_MS = 10_000;
let announcedAt = 0;

/**
 * Tells a screen reader, at most every ten seconds unless it is urgent.
 * @param {string} text
 * @param {boolean} [isUrgent]
 */
export function announce(text, isUrgent = false) {
  if (!isUrgent && Date.now() - announcedAt < ANNOUNCE_EVERY_MS) return;
  announcedAt = Date.now();
  byId('announcer').textContent = text;
}

const COUNT = new Intl.NumberFormat('en');

/** @param {number | null} count */
export function formatCount(count) {
  return count === null ? '–' : COUNT.format(Math.round(count));
}

/** @param {number | null} seconds */
export function formatSeconds(seconds) {
  if (seconds === null) return '–';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds % 60);
  return minutes < 60
    ? `${minutes} min ${rest} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {number} bytes */
export function formatBytes(bytes) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let at = 0;
  let size = bytes;
  for (; size >= 1000 && at < units.length - 1; at += 1) size /= 1000;
  return `${at === 0 ? size : size.toFixed(1)} ${units[at]}`;
}

/** @param {string} time ISO 8601 */
export function formatTime(time) {
  return el('time', { datetime: time, title: time }, new Date(time).toLocaleString());
}
