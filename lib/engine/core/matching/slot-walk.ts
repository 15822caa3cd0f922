/**
 * Walks over slots of one index, or of several as if they were one, outwards from a value or from one end. The indexes
 * must not change while a walk is under way.
 */
import { ENTRY, type SortedSlots } from './sorted-slots.ts'

/** `nearest`: by distance from a value. The others go from one end to the other. */
export type Direction = 'nearest' | 'ascending' | 'descending'

/** The distance of whom there is none. */
const NOBODY = Number.POSITIVE_INFINITY
/** Of who has no value: farther than anybody else. */
const FARTHEST = Number.MAX_VALUE

export class SlotWalk {
  readonly #lanes: Lane[] = []
  #count = 0

  start(indexes: readonly SortedSlots[], around: number, direction: Direction): void {
    const from = direction === 'nearest' ? around : direction === 'ascending' ? -Infinity : Infinity
    this.#count = indexes.length
    for (let lane = 0; lane < indexes.length; lane++) {
      this.#lanes[lane] ??= new Lane()
      this.#lanes[lane]!.start(indexes[lane]!, from)
    }
  }

  /** The next slot; -1 at the end. Of equal distances the one above comes first, then the earlier index. */
  next(): number {
    let best = -1
    let least = NOBODY
    let above = true
    for (let index = 0; index < this.#count; index++) {
      const lane = this.#lanes[index]!
      if (lane.aboveDistance < least) {
        best = index
        least = lane.aboveDistance
        above = true
      }
      if (lane.belowDistance < least) {
        best = index
        least = lane.belowDistance
        above = false
      }
    }
    if (best < 0) return -1
    return above ? this.#lanes[best]!.takeAbove() : this.#lanes[best]!.takeBelow()
  }

  /** Nothing above, or below, the value it started from is wanted any more. */
  end(side: 'above' | 'below'): void {
    for (let index = 0; index < this.#count; index++) {
      const lane = this.#lanes[index]!
      if (side === 'above') lane.aboveDistance = NOBODY
      else lane.belowDistance = NOBODY
    }
  }
}

class Lane {
  aboveDistance = NOBODY
  belowDistance = NOBODY
  #index: SortedSlots | null = null
  #entries = new Float64Array(0)
  #around = 0
  /** The next entry on each side, and where its block ends, or begins. */
  #above = 0
  #aboveEnd = 0
  #aboveRank = 0
  #below = 0
  #belowStart = 0
  #belowRank = 0

  start(index: SortedSlots, around: number): void {
    this.#index = index
    this.#entries = index.entries
    this.#around = around
    index.seek(around)
    const { rank, place } = index
    this.#aboveRank = rank
    this.#belowRank = rank
    const isInside = rank < index.blocks
    this.#belowStart = isInside ? index.start(rank) : 0
    this.#above = this.#belowStart + place * ENTRY
    this.#aboveEnd = isInside ? index.end(rank) : 0
    this.#below = this.#above
    this.#lookAbove()
    this.#stepBelow()
  }

  takeAbove(): number {
    const slot = this.#entries[this.#above + 2]!
    this.#above += ENTRY
    this.#lookAbove()
    return slot
  }

  takeBelow(): number {
    const slot = this.#entries[this.#below + 2]!
    this.#stepBelow()
    return slot
  }

  #lookAbove(): void {
    if (this.#above === this.#aboveEnd) {
      const index = this.#index!
      if (this.#aboveRank + 1 >= index.blocks) {
        this.aboveDistance = NOBODY
        return
      }
      this.#above = index.start(++this.#aboveRank)
      this.#aboveEnd = index.end(this.#aboveRank)
    }
    this.aboveDistance = this.#distance(this.#entries[this.#above]!)
  }

  #stepBelow(): void {
    if (this.#below === this.#belowStart) {
      if (this.#belowRank === 0) {
        this.belowDistance = NOBODY
        return
      }
      const index = this.#index!
      this.#belowStart = index.start(--this.#belowRank)
      this.#below = index.end(this.#belowRank)
    }
    this.#below -= ENTRY
    this.belowDistance = this.#distance(this.#entries[this.#below]!)
  }

  /** From an end, the values themselves order the slots. */
  #distance(value: number): number {
    const around = this.#around
    const distance = around === -Infinity ? value : around === Infinity ? -value : Math.abs(value - around)
    return distance > FARTHEST ? FARTHEST : distance
  }
}
