/**
 * Slots of a pool in ascending order of one number each, equals by arrival: an ordered index that takes insertions and
 * removals anywhere in O(log n). Sorted blocks of bounded length, so that each change moves a few hundred bytes.
 */

const MOST = 64

interface Block {
  slots: Int32Array
  /** Per slot its value and its arrival: beside each other, as they are compared together. */
  keys: Float64Array
  length: number
}

/** Orders slots of equal value; equal even then, the lower slot comes first. */
export interface Arrivals {
  arrivalOf(slot: number): number
}

export class SortedSlots {
  readonly blocks: Block[] = []
  readonly number: number
  length = 0
  /** Where the last look-up ended: index of the block, and the place in it. */
  block = 0
  place = 0
  readonly #columns: Arrivals

  /** `number` is the caller's name for it. */
  constructor(columns: Arrivals, number = 0) {
    this.#columns = columns
    this.number = number
  }

  /** The slot with the smallest value; -1 when there is none. */
  first(): number {
    return this.blocks[0]?.slots[0] ?? -1
  }

  /** The slot with the largest value; -1 when there is none. */
  last(): number {
    const block = this.blocks.at(-1)
    return block === undefined ? -1 : block.slots[block.length - 1]!
  }

  /** The smallest value above `bound`; null when there is none. */
  firstAbove(bound: number): number | null {
    this.#find(bound, Number.POSITIVE_INFINITY, 0)
    return this.blocks[this.block]?.keys[2 * this.place] ?? null
  }

  insert(slot: number, value: number): void {
    const arrival = this.#columns.arrivalOf(slot)
    this.#find(value, arrival, slot)
    let block = this.blocks[this.block]
    if (block === undefined) {
      // Behind everything: on the last block while it has room.
      const last = this.blocks.at(-1)
      if (last === undefined || last.length === MOST) {
        this.blocks.push({ slots: new Int32Array(8), keys: new Float64Array(16), length: 0 })
      }
      this.block = this.blocks.length - 1
      block = this.blocks[this.block]!
      this.place = block.length
    }
    if (block.length === MOST) {
      const half = MOST / 2
      const upper = { slots: block.slots.slice(half), keys: block.keys.slice(2 * half), length: half }
      block.length = half
      this.blocks.splice(this.block + 1, 0, upper)
      if (this.place > half) {
        this.place -= half
        block = upper
      }
    }
    if (block.length === block.slots.length) grow(block)
    const { place } = this
    block.slots.copyWithin(place + 1, place, block.length)
    block.keys.copyWithin(2 * place + 2, 2 * place, 2 * block.length)
    block.slots[place] = slot
    block.keys[2 * place] = value
    block.keys[2 * place + 1] = arrival
    block.length++
    this.length++
  }

  /** `value` as it was inserted. False when the slot is not here. */
  remove(slot: number, value: number): boolean {
    this.#find(value, this.#columns.arrivalOf(slot), slot)
    const block = this.blocks[this.block]
    const { place } = this
    if (block === undefined || block.slots[place] !== slot || place >= block.length) return false
    block.slots.copyWithin(place, place + 1, block.length)
    block.keys.copyWithin(2 * place, 2 * place + 2, 2 * block.length)
    block.length--
    this.length--
    if (block.length === 0) this.blocks.splice(this.block, 1)
    return true
  }

  /** Calls back for every slot whose value is above `low` and at most `high`, in order. Nothing may change meanwhile. */
  forRange(low: number, high: number, visit: (slot: number) => void): void {
    this.#find(low, Number.POSITIVE_INFINITY, 0)
    let { place } = this
    for (let index = this.block; index < this.blocks.length; index++) {
      const block = this.blocks[index]!
      for (; place < block.length; place++) {
        if (block.keys[2 * place]! > high) return
        visit(block.slots[place]!)
      }
      place = 0
    }
  }

  /** To the first slot with at least this value: `block` and `place` say where. */
  seek(value: number): void {
    this.#find(value, Number.NEGATIVE_INFINITY, 0)
  }

  /** To the first slot not before (value, arrival, slot). */
  #find(value: number, arrival: number, slot: number): void {
    const { blocks } = this
    let low = 0
    let high = blocks.length
    // Who is looked for next is mostly near whom was looked for last.
    const hinted = blocks[this.block]
    if (
      hinted !== undefined &&
      isBefore(hinted, 0, value, arrival, slot) &&
      !isBefore(hinted, hinted.length - 1, value, arrival, slot)
    ) {
      low = this.block
      high = low
    }
    while (low < high) {
      const middle = (low + high) >> 1
      const block = blocks[middle]!
      if (isBefore(block, block.length - 1, value, arrival, slot)) low = middle + 1
      else high = middle
    }
    this.block = low
    this.place = 0
    const block = blocks[low]
    if (block === undefined) return
    low = 0
    high = block.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (isBefore(block, middle, value, arrival, slot)) low = middle + 1
      else high = middle
    }
    this.place = low
  }
}

function isBefore({ keys, slots }: Block, place: number, value: number, arrival: number, slot: number): boolean {
  const here = keys[2 * place]!
  if (here !== value) return here < value
  const arrived = keys[2 * place + 1]!
  return arrived < arrival || (arrived === arrival && slots[place]! < slot)
}

function grow(block: Block): void {
  const slots = new Int32Array(Math.min(2 * block.slots.length, MOST))
  const keys = new Float64Array(2 * slots.length)
  slots.set(block.slots)
  keys.set(block.keys)
  block.slots = slots
  block.keys = keys
}
