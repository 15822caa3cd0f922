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
  /** The first value of each block: looking for a block touches nothing else. */
  #firsts = new Float64Array(8)

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
    // Behind a block, and before the next: on the first while it has room.
    if (this.place === 0 && this.block > 0 && this.blocks[this.block - 1]!.length < MOST) {
      this.block--
      this.place = this.blocks[this.block]!.length
    }
    if (this.blocks[this.block] === undefined) {
      this.#insertBlock(this.block, { slots: new Int32Array(8), keys: new Float64Array(16), length: 0 })
    }
    let block = this.blocks[this.block]!
    if (block.length === MOST) {
      const half = MOST / 2
      const upper = { slots: block.slots.slice(half), keys: block.keys.slice(2 * half), length: half }
      block.length = half
      this.#insertBlock(this.block + 1, upper)
      if (this.place > half) {
        this.place -= half
        this.block++
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
    if (place === 0) this.#firsts[this.block] = value
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
    if (block.length === 0) this.#removeBlock(this.block)
    else if (place === 0) this.#firsts[this.block] = block.keys[0]!
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
    // The block before the first that begins with the value or more; where several begin with it, arrivals decide.
    let begin = this.#beginning(0, value)
    if (begin < blocks.length && this.#firsts[begin] === value) {
      let end = begin
      for (let step = 1; end < blocks.length && this.#firsts[end] === value; step *= 2) end += step
      end = Math.min(end, blocks.length)
      while (begin < end) {
        const middle = (begin + end) >> 1
        const isEarlier = this.#firsts[middle] === value && isBefore(blocks[middle]!, 0, value, arrival, slot)
        if (isEarlier) begin = middle + 1
        else end = middle
      }
    }
    this.block = Math.max(0, begin - 1)
    this.place = 0
    const block = blocks[this.block]
    if (block === undefined) return
    let low = 0
    let high = block.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (isBefore(block, middle, value, arrival, slot)) low = middle + 1
      else high = middle
    }
    this.place = low
    if (low < block.length) return
    this.block++
    this.place = 0
  }

  /** The first block that begins with at least this value. */
  #beginning(from: number, value: number): number {
    const firsts = this.#firsts
    let low = from
    let high = this.blocks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (firsts[middle]! < value) low = middle + 1
      else high = middle
    }
    return low
  }

  #insertBlock(at: number, block: Block): void {
    this.blocks.splice(at, 0, block)
    if (this.blocks.length > this.#firsts.length) {
      const firsts = new Float64Array(2 * this.blocks.length)
      firsts.set(this.#firsts)
      this.#firsts = firsts
    }
    this.#firsts.copyWithin(at + 1, at, this.blocks.length - 1)
    this.#firsts[at] = block.keys[0]!
  }

  #removeBlock(at: number): void {
    this.blocks.splice(at, 1)
    this.#firsts.copyWithin(at, at + 1, this.blocks.length + 1)
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
