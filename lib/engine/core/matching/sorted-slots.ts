/**
 * Slots of a pool in ascending order of one number each, equals by arrival: an ordered index that takes insertions and
 * removals anywhere in O(log n). Sorted blocks of bounded length, so that each change moves a few hundred bytes; all of
 * them in one array, so that a look-up touches little memory beside the entries it compares.
 */

/** Entries of a block. */
const MOST = 64
/** A block with fewer joins its neighbour, where both fit into half of one. */
const FEW = MOST / 4
/** Numbers of an entry: value, arrival, slot. They are compared together. */
export const ENTRY = 3
const BLOCK = MOST * ENTRY
/** Of an index of few slots, and there can be very many of those. */
const FIRST_ENTRIES = 8

/** Orders slots of equal value; equal even then, the lower slot comes first. */
export interface Arrivals {
  arrivalOf(slot: number): number
}

export class SortedSlots {
  readonly number: number
  length = 0
  /** Where the last look-up ended: rank of the block, and the place in it. */
  rank = 0
  place = 0
  /** Block b begins at b * BLOCK. */
  entries = new Float64Array(FIRST_ENTRIES * ENTRY)
  readonly #columns: Arrivals
  /** The blocks in order: the rank of a block is its place here. */
  readonly #order: number[] = []
  /** Per rank the first value: looking for a block touches nothing else. */
  readonly #firsts: number[] = []
  /** Per block, how many entries it has. */
  readonly #lengths: number[] = []
  readonly #empty: number[] = []

  /** `number` is the caller's name for it. */
  constructor(columns: Arrivals, number = 0) {
    this.#columns = columns
    this.number = number
  }

  get blocks(): number {
    return this.#order.length
  }

  /** Where in `entries` the block of a rank begins. */
  start(rank: number): number {
    return this.#order[rank]! * BLOCK
  }

  /** Where in `entries` it ends. */
  end(rank: number): number {
    const block = this.#order[rank]!
    return block * BLOCK + this.#lengths[block]! * ENTRY
  }

  /** The slot with the smallest value; -1 when there is none. */
  first(): number {
    return this.length === 0 ? -1 : this.entries[this.start(0) + 2]!
  }

  /** The slot with the largest value; -1 when there is none. */
  last(): number {
    return this.length === 0 ? -1 : this.entries[this.end(this.blocks - 1) - 1]!
  }

  /** The smallest value above `bound`; null when there is none. */
  firstAbove(bound: number): number | null {
    this.#find(bound, Number.POSITIVE_INFINITY, 0)
    return this.rank < this.blocks ? this.entries[this.start(this.rank) + this.place * ENTRY]! : null
  }

  insert(slot: number, value: number): void {
    const arrival = this.#columns.arrivalOf(slot)
    this.#find(value, arrival, slot)
    // Behind a block, and before the next: on the first while it has room.
    if (this.place === 0 && this.rank > 0 && this.#lengthAt(this.rank - 1) < MOST) {
      this.rank--
      this.place = this.#lengthAt(this.rank)
    }
    if (this.rank === this.blocks) this.#insertBlock(this.rank, value)
    else if (this.#lengthAt(this.rank) === MOST) this.#split()
    const block = this.#order[this.rank]!
    const end = this.end(this.rank)
    if (end + ENTRY > this.entries.length) this.#grow(end + ENTRY)
    const at = block * BLOCK + this.place * ENTRY
    this.entries.copyWithin(at + ENTRY, at, end)
    this.entries[at] = value
    this.entries[at + 1] = arrival
    this.entries[at + 2] = slot
    if (this.place === 0) this.#firsts[this.rank] = value
    this.#lengths[block]!++
    this.length++
  }

  /** `value` as it was inserted. False when the slot is not here. */
  remove(slot: number, value: number): boolean {
    this.#find(value, this.#columns.arrivalOf(slot), slot)
    const { rank, place } = this
    if (rank === this.blocks) return false
    const at = this.start(rank) + place * ENTRY
    if (this.entries[at + 2] !== slot) return false
    this.entries.copyWithin(at, at + ENTRY, this.end(rank))
    const length = --this.#lengths[this.#order[rank]!]!
    this.length--
    if (length === 0) this.#removeBlock(rank)
    else if (place === 0) this.#firsts[rank] = this.entries[at]!
    if (length > 0 && length < FEW) this.#join(rank)
    return true
  }

  /** Calls back for every slot whose value is above `low` and at most `high`, in order. Nothing may change meanwhile. */
  forRange(low: number, high: number, visit: (slot: number) => void): void {
    this.#find(low, Number.POSITIVE_INFINITY, 0)
    let { place } = this
    for (let { rank } = this; rank < this.blocks; rank++) {
      const end = this.end(rank)
      for (let at = this.start(rank) + place * ENTRY; at < end; at += ENTRY) {
        if (this.entries[at]! > high) return
        visit(this.entries[at + 2]!)
      }
      place = 0
    }
  }

  /** To the first slot with at least this value: `rank` and `place` say where. */
  seek(value: number): void {
    this.#find(value, Number.NEGATIVE_INFINITY, 0)
  }

  /** To the first slot not before (value, arrival, slot). */
  #find(value: number, arrival: number, slot: number): void {
    const begin = this.#beginning(value, arrival, slot)
    this.rank = Math.max(0, begin - 1)
    this.place = 0
    if (this.blocks === 0) return
    const start = this.start(this.rank)
    const length = this.#lengthAt(this.rank)
    let low = 0
    let high = length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#isBefore(start + middle * ENTRY, value, arrival, slot)) low = middle + 1
      else high = middle
    }
    this.place = low
    if (low < length) return
    this.rank++
    this.place = 0
  }

  /** The first block that begins with no less; where several begin with the same value, arrivals decide. */
  #beginning(value: number, arrival: number, slot: number): number {
    const firsts = this.#firsts
    let low = 0
    let high = firsts.length
    while (low < high) {
      const middle = (low + high) >> 1
      const first = firsts[middle]!
      const isEarlier = first < value || (first === value && this.#isBefore(this.start(middle), value, arrival, slot))
      if (isEarlier) low = middle + 1
      else high = middle
    }
    return low
  }

  #isBefore(at: number, value: number, arrival: number, slot: number): boolean {
    const { entries } = this
    const here = entries[at]!
    if (here !== value) return here < value
    const arrived = entries[at + 1]!
    return arrived < arrival || (arrived === arrival && entries[at + 2]! < slot)
  }

  #lengthAt(rank: number): number {
    return this.#lengths[this.#order[rank]!]!
  }

  /** The full block of the last look-up becomes two, and the look-up leads to the right one of them. */
  #split(): void {
    const { rank } = this
    const half = MOST / 2
    const from = this.start(rank) + half * ENTRY
    this.#insertBlock(rank + 1, this.entries[from]!)
    const upper = this.#order[rank + 1]!
    if ((upper + 1) * BLOCK > this.entries.length) this.#grow((upper + 1) * BLOCK)
    this.entries.copyWithin(upper * BLOCK, from, from + half * ENTRY)
    this.#lengths[this.#order[rank]!] = half
    this.#lengths[upper] = half
    if (this.place <= half) return
    this.rank++
    this.place -= half
  }

  /** Few entries join those of a neighbour: sparse blocks would make every walk and look-up longer. */
  #join(rank: number): void {
    if (rank + 1 === this.blocks || this.#lengthAt(rank) + this.#lengthAt(rank + 1) > MOST / 2) return
    this.entries.copyWithin(this.end(rank), this.start(rank + 1), this.end(rank + 1))
    this.#lengths[this.#order[rank]!]! += this.#lengthAt(rank + 1)
    this.#removeBlock(rank + 1)
  }

  #insertBlock(rank: number, first: number): void {
    const block = this.#empty.pop() ?? this.#lengths.length
    this.#lengths[block] = 0
    this.#order.splice(rank, 0, block)
    this.#firsts.splice(rank, 0, first)
  }

  #removeBlock(rank: number): void {
    const [block] = this.#order.splice(rank, 1)
    this.#firsts.splice(rank, 1)
    this.#empty.push(block!)
  }

  #grow(needed: number): void {
    let length = this.entries.length * 2
    while (length < needed) length *= 2
    const entries = new Float64Array(length)
    entries.set(this.entries)
    this.entries = entries
  }
}
