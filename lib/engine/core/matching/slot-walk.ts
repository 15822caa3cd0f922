/**
 * Walks over slots of one index, or of several as if they were one, outwards from a value or from one end. The indexes
 * must not change while a walk is under way.
 */
import type { SortedSlots } from './sorted-slots.ts'

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

type Block = SortedSlots['blocks'][number]

class Lane {
  aboveDistance = NOBODY
  belowDistance = NOBODY
  #index: SortedSlots | null = null
  #around = 0
  #above: Block | undefined
  #aboveBlock = 0
  #abovePlace = 0
  #below: Block | undefined
  #belowBlock = 0
  #belowPlace = 0

  start(index: SortedSlots, around: number): void {
    this.#index = index
    this.#around = around
    index.seek(around)
    const { blocks, block, place } = index
    this.#aboveBlock = block
    this.#abovePlace = place
    this.#above = blocks[block]
    this.#belowBlock = block
    this.#belowPlace = place
    this.#below = this.#above
    this.#lookAbove()
    this.#stepBelow()
  }

  takeAbove(): number {
    const block = this.#above!
    const slot = block.slots[this.#abovePlace]!
    if (++this.#abovePlace === block.length) {
      this.#abovePlace = 0
      this.#above = this.#index!.blocks[++this.#aboveBlock]
    }
    this.#lookAbove()
    return slot
  }

  takeBelow(): number {
    const slot = this.#below!.slots[this.#belowPlace]!
    this.#stepBelow()
    return slot
  }

  #lookAbove(): void {
    this.aboveDistance = this.#above === undefined ? NOBODY : this.#distance(this.#above.keys[2 * this.#abovePlace]!)
  }

  #stepBelow(): void {
    if (--this.#belowPlace < 0) {
      this.#below = this.#index!.blocks[--this.#belowBlock]
      this.#belowPlace = (this.#below?.length ?? 0) - 1
    }
    this.belowDistance = this.#below === undefined ? NOBODY : this.#distance(this.#below.keys[2 * this.#belowPlace]!)
  }

  /** From an end, the values themselves order the slots. */
  #distance(value: number): number {
    const around = this.#around
    const distance = around === -Infinity ? value : around === Infinity ? -value : Math.abs(value - around)
    return distance > FARTHEST ? FARTHEST : distance
  }
}
