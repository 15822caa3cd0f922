/**
 * Walks over slots of one index, or of several as if they were one, outwards from a value or from one end. The indexes
 * must not change while a walk is under way.
 */
import type { SortedSlots } from './sorted-slots.ts'

/** `nearest`: by distance from a value. The others go from one end to the other. */
export type Direction = 'nearest' | 'ascending' | 'descending'

export class SlotWalk {
  /** Value of the slot handed out last. */
  value = 0
  #around = 0
  readonly #lanes: Lane[] = []
  #count = 0

  start(indexes: readonly SortedSlots[], around: number, direction: Direction): void {
    this.#around = direction === 'nearest' ? around : direction === 'ascending' ? -Infinity : Infinity
    this.#count = indexes.length
    for (let lane = 0; lane < indexes.length; lane++) {
      this.#lanes[lane] ??= new Lane()
      this.#lanes[lane]!.start(indexes[lane]!, this.#around)
    }
  }

  /** The next slot; -1 at the end. Of equal distances the one above comes first, then the earlier index. */
  next(): number {
    let best: Lane | null = null
    let least = Infinity
    let above = true
    for (let index = 0; index < this.#count; index++) {
      const lane = this.#lanes[index]!
      if (lane.hasAbove) {
        const distance = this.#distance(lane.aboveValue())
        if (best === null || distance < least) {
          best = lane
          least = distance
          above = true
        }
      }
      if (lane.hasBelow) {
        const distance = this.#distance(lane.belowValue())
        if (best === null || distance < least) {
          best = lane
          least = distance
          above = false
        }
      }
    }
    if (best === null) return -1
    this.value = above ? best.aboveValue() : best.belowValue()
    return above ? best.takeAbove() : best.takeBelow()
  }

  /** Nothing above, or below, the value it started from is wanted any more. */
  end(side: 'above' | 'below'): void {
    for (let index = 0; index < this.#count; index++) {
      const lane = this.#lanes[index]!
      if (side === 'above') lane.hasAbove = false
      else lane.hasBelow = false
    }
  }

  /** From an end, the values themselves order the slots. */
  #distance(value: number): number {
    if (this.#around === -Infinity) return value
    return this.#around === Infinity ? -value : Math.abs(value - this.#around)
  }
}

class Lane {
  hasAbove = false
  hasBelow = false
  #index: SortedSlots | null = null
  #above: SortedSlots['blocks'][number] | undefined
  #aboveBlock = 0
  #abovePlace = 0
  #below: SortedSlots['blocks'][number] | undefined
  #belowBlock = 0
  #belowPlace = 0

  start(index: SortedSlots, around: number): void {
    this.#index = index
    index.seek(around)
    const { blocks, block, place } = index
    this.#aboveBlock = block
    this.#abovePlace = place
    this.#above = blocks[block]
    this.hasAbove = this.#above !== undefined
    this.#belowBlock = block
    this.#belowPlace = place - 1
    this.#below = this.#above
    this.hasBelow = true
    if (place === 0) this.#nextBelow()
  }

  aboveValue(): number {
    return this.#above!.keys[2 * this.#abovePlace]!
  }

  belowValue(): number {
    return this.#below!.keys[2 * this.#belowPlace]!
  }

  takeAbove(): number {
    const block = this.#above!
    const slot = block.slots[this.#abovePlace]!
    if (++this.#abovePlace === block.length) {
      this.#abovePlace = 0
      this.#above = this.#index!.blocks[++this.#aboveBlock]
      this.hasAbove = this.#above !== undefined
    }
    return slot
  }

  takeBelow(): number {
    const slot = this.#below!.slots[this.#belowPlace]!
    if (--this.#belowPlace < 0) this.#nextBelow()
    return slot
  }

  #nextBelow(): void {
    this.#below = this.#index!.blocks[--this.#belowBlock]
    this.hasBelow = this.#below !== undefined
    this.#belowPlace = (this.#below?.length ?? 0) - 1
  }
}
