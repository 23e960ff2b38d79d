import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { parseEvent } from '../events/read-events.ts';
import { readNewLines } from './event-lines.ts';

const LOOK_EVERY_MS = 400;
const COMMENT_EVERY_MS = 15_000;

/** What is sent, and until when. */
export interface EventSource {
  readonly file: string;
  /** Where to begin, in bytes: the id of the last event that was received. */
  readonly from: number;
  readonly isOver: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/**
 * Sends the events of a run as they are written, until it has ended or the reader goes away. The id of
 * an event is the place behind it, so that a reader who comes back misses none.
 *
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function sendEvents(response: ServerResponse, source: EventSource): Promise<void> {
  const { file, isOver, signal } = source;
  let offset = Number.isSafeInteger(source.from) && source.from > 0 ? source.from : 0;
  let saidAt = Date.now();
  while (!response.destroyed && !signal.aborted) {
    // What is asked first may have changed by the time that the file is read, and not the other way.
    const wasOver = await isOver();
    const { lines, offset: next } = await readNewLines(file, offset);
    for (const { text, end } of lines) {
      const event = parseEvent(text);
      if (event !== null)
        await write(response, `id: ${end}\nevent: ${event.type}\ndata: ${text}\n\n`);
    }
    offset = next;
    if (lines.length > 0) saidAt = Date.now();
    else if (wasOver) break;
    else {
      if (Date.now() - saidAt >= COMMENT_EVERY_MS) {
        await write(response, ': at work\n\n');
        saidAt = Date.now();
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  if (!response.destroyed && !signal.aborted) await write(response, 'event: end\ndata: {}\n\n');
  response.end();
}

/** Waits for a slow reader; one that is gone is not waited for. */
async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed || response.write(text)) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      response.off('drain', go);
      response.off('close', go);
      resolve();
    };
    response.once('drain', go);
    response.once('close', go);
  });
}
