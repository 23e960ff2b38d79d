import type { MemoryBudget } from './memory-budget.ts';

/** Keys longer than this are not taken. */
const MAX_KEY_BYTES = 8 * 1024;
/** Keys stand in blocks that grow up to this; an address is the number of the block and a place in it. */
const MAX_BLOCK_BITS = 20;
const MAX_PLACE = 2 ** MAX_BLOCK_BITS - 1;
const FIRST_BLOCK_BITS = 14;
const LENGTH_BYTES = 2;
const FIRST_SLOTS = 256;

/**
 * A set of byte strings that takes little more than their bytes. They stand one after the other in
 * blocks; a table by their hash has their addresses (open addressing). Equal is what has the same bytes:
 * the hash alone never decides.
 */
export class KeyTable {
  readonly #budget: MemoryBudget;
  /** Two numbers a slot: the key's address and 1, 0 for an empty one; its hash. */
  #slots = new Uint32Array(0);
  #count = 0;
  #blocks: Uint8Array[] = [];
  #block = new Uint8Array(0);
  #blockEnd = 0;

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
  }

  /** Adds `bytes[start, end)`; false when there is no room for it. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    if (!this.#makeRoom(end - start)) return false;
    const hash = hashOf(bytes, start, end);
    const slot = this.#slotOf(bytes, start, end, hash);
    if (this.#slots[slot] !== 0) return true;
    const at = this.#blockEnd;
    this.#slots[slot] = (((this.#blocks.length - 1) << MAX_BLOCK_BITS) | at) + 1;
    this.#slots[slot + 1] = hash;
    this.#count += 1;
    this.#block[at] = (end - start) & 0xff;
    this.#block[at + 1] = (end - start) >>> 8;
    for (let from = start, to = at + LENGTH_BYTES; from < end; from++, to++) {
      this.#block[to] = bytes[from] ?? 0;
    }
    this.#blockEnd = at + LENGTH_BYTES + end - start;
    return true;
  }

  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#count === 0) return false;
    return this.#slots[this.#slotOf(bytes, start, end, hashOf(bytes, start, end))] !== 0;
  }

  /** The keys, in no order. */
  *values(): Generator<Uint8Array> {
    for (let slot = 0; slot < this.#slots.length; slot += 2) {
      const address = (this.#slots[slot] ?? 0) - 1;
      if (address === -1) continue;
      const block = this.#blocks[address >>> MAX_BLOCK_BITS] ?? this.#block;
      const at = (address & MAX_PLACE) + LENGTH_BYTES;
      yield block.subarray(at, at + lengthAt(block, at));
    }
  }

  release(): void {
    this.#budget.giveBack(this.#slots.byteLength);
    for (const { byteLength } of this.#blocks) this.#budget.giveBack(byteLength);
    this.#slots = new Uint32Array(0);
    this.#blocks = [];
    this.#count = 0;
  }

  /** The slot that has the key, or the empty one where it belongs. */
  #slotOf(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (hash << 1) & mask;
    for (let address = slots[slot] ?? 0; address !== 0; address = slots[slot] ?? 0) {
      if (slots[slot + 1] === hash && this.#isAt(address - 1, bytes, start, end)) return slot;
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  #isAt(address: number, bytes: Uint8Array, start: number, end: number): boolean {
    const block = this.#blocks[address >>> MAX_BLOCK_BITS] ?? this.#block;
    const at = (address & MAX_PLACE) + LENGTH_BYTES;
    const length = lengthAt(block, at);
    if (length !== end - start) return false;
    for (let offset = 0; offset < length; offset++) {
      if (block[at + offset] !== bytes[start + offset]) return false;
    }
    return true;
  }

  /** Room for one more key of this length, in the slots and in a block. */
  #makeRoom(length: number): boolean {
    if (length > MAX_KEY_BYTES) return false;
    if (this.#count >= 0.35 * this.#slots.length && !this.#growSlots()) return false;
    if (this.#blockEnd + LENGTH_BYTES + length <= this.#block.length) return true;
    const sizeBytes = 2 ** Math.min(MAX_BLOCK_BITS, FIRST_BLOCK_BITS + this.#blocks.length);
    const isFull = this.#blocks.length === 2 ** (32 - MAX_BLOCK_BITS) - 1;
    if (isFull || !this.#budget.take(sizeBytes)) return false;
    this.#block = new Uint8Array(sizeBytes);
    this.#blocks.push(this.#block);
    this.#blockEnd = 0;
    return true;
  }

  #growSlots(): boolean {
    const before = this.#slots;
    const length = Math.max(2 * FIRST_SLOTS, 2 * before.length);
    if (!this.#budget.take(length * 4)) return false;
    const slots = new Uint32Array(length);
    const mask = length - 1;
    for (let old = 0; old < before.length; old += 2) {
      const address = before[old] ?? 0;
      if (address === 0) continue;
      const hash = before[old + 1] ?? 0;
      let slot = (hash << 1) & mask;
      while (slots[slot] !== 0) slot = (slot + 2) & mask;
      slots[slot] = address;
      slots[slot + 1] = hash;
    }
    this.#slots = slots;
    this.#budget.giveBack(before.byteLength);
    return true;
  }
}

/** Of the key that begins there. */
function lengthAt(block: Uint8Array, at: number): number {
  return (block[at - 2] ?? 0) | ((block[at - 1] ?? 0) << 8);
}

/** FNV-1a with its bits mixed once more, for the lower ones choose the slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
