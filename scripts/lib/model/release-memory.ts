import { MessageChannel } from 'node:worker_threads';

/** Smaller ones may share their memory with others. */
const MIN_BYTES = 64 * 1024;

const { port1: nowhere, port2: end } = new MessageChannel();
end.close();
nowhere.unref();

/**
 * Gives the memory of bytes back at once that nobody will look at again: they are empty then. Garbage
 * collection does so too, but lets some tens of megabytes gather first. Bytes that are a part of other
 * memory are left alone.
 *
 * What is sent to a port without another end is dropped. Source:
 * https://nodejs.org/api/worker_threads.html#portpostmessagevalue-transferlist
 */
export function releaseMemory({ buffer, byteLength }: Uint8Array): void {
  if (byteLength < MIN_BYTES || byteLength !== buffer.byteLength) return;
  if (buffer instanceof ArrayBuffer) nowhere.postMessage(null, [buffer]);
}
