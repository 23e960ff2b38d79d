// @ts-check
import { byId } from './dom.js';

const API = '/api/v1/migration';
const TOKEN_KEY = 'migration-server-token';
const RETRY_MS = 2000;
const UNAUTHORIZED = 401;

/** What the server answers when it does not do what it was asked for (RFC 9457). */
export class Problem extends Error {
  /** @param {{ status: number, detail: string, code: string, hint?: string }} problem */
  constructor({ status, detail, code, hint }) {
    super(hint === undefined ? detail : `${detail}\n${hint}`);
    this.status = status;
    this.code = code;
  }
}

/**
 * @param {string} path below the API for migrations, or from the root
 * @returns {Promise<any>}
 */
export async function get(path) {
  return (await request('GET', path)).json();
}

/**
 * @param {string} path
 * @returns {Promise<string>}
 */
export async function getText(path) {
  return (await request('GET', path)).text();
}

/**
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export async function post(path, body) {
  return (await request('POST', path, body)).json();
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{ signal?: AbortSignal, headers?: Record<string, string> }} [more]
 * @returns {Promise<Response>}
 */
async function request(method, path, body, more = {}) {
  const given = token();
  const headers = {
    ...(given === null ? {} : { authorization: `Bearer ${given}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...more.headers,
  };
  const response = await fetch(path.startsWith('/api') ? path : API + path, {
    ...more,
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.status === UNAUTHORIZED) {
    // Another request may have asked meanwhile.
    if (token() === given) await askToken(given !== null);
    return request(method, path, body, more);
  }
  if (!response.ok) throw new Problem(await problemOf(response));
  return response;
}

/** @param {Response} response */
async function problemOf(response) {
  try {
    return await response.json();
  } catch {
    return { status: response.status, detail: response.statusText, code: 'unknown' };
  }
}

function token() {
  return sessionStorage.getItem(TOKEN_KEY);
}

/** @type {Promise<void> | null} */
let asking = null;

/** @param {boolean} wasWrong */
function askToken(wasWrong) {
  asking ??= new Promise((resolve) => {
    const dialog = /** @type {HTMLDialogElement} */ (byId('login'));
    const input = /** @type {HTMLInputElement} */ (byId('login-token'));
    byId('login-fault').textContent = wasWrong ? 'The token is not the right one.' : '';
    input.value = '';
    const onClose = () => {
      // Escape closes it too; without a token there is nothing to see.
      if (input.value === '') {
        dialog.showModal();
        return;
      }
      dialog.removeEventListener('close', onClose);
      sessionStorage.setItem(TOKEN_KEY, input.value);
      asking = null;
      resolve();
    };
    dialog.addEventListener('close', onClose);
    dialog.showModal();
  });
  return asking;
}

/**
 * Follows the events of a run to its end; a connection that breaks is made again.
 * @param {string} path
 * @param {(type: string, data: any) => void} onEvent
 * @param {AbortSignal} signal
 */
export async function follow(path, onEvent, signal) {
  let lastId = '';
  while (!signal.aborted) {
    try {
      /** @type {Record<string, string>} */
      const headers = lastId === '' ? {} : { 'last-event-id': lastId };
      const response = await request('GET', path, undefined, { signal, headers });
      for await (const { id, type, data } of eventsOf(response)) {
        if (id !== '') lastId = id;
        onEvent(type, JSON.parse(data));
        if (type === 'end') return;
      }
    } catch (error) {
      if (signal.aborted || error instanceof Problem) return;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, RETRY_MS);
    });
  }
}

/** @param {Response} response */
async function* eventsOf(response) {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = { id: '', type: 'message', data: '' };
      for (const line of block.split('\n')) {
        if (line.startsWith('id: ')) event.id = line.slice(4);
        if (line.startsWith('event: ')) event.type = line.slice(7);
        if (line.startsWith('data: ')) event.data += line.slice(6);
      }
      if (event.data !== '') yield event;
    }
  }
}
