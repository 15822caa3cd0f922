/**
 * The indexes of a pool: one per value that has to be equal and region that has to be shared, so that a ticket meets
 * only those it could be matched with. A ticket with several regions is in the lane of each.
 */
import { type Arrivals, SortedSlots } from './sorted-slots.ts'

/** Instead of a region: the ticket goes with any, or regions do not matter. */
const ANY_REGION = 31
const LANES_PER_KEY = 32
/** The key of a ticket without a value for some attribute that has to be equal: it goes with every key. */
export const ANY_KEY = 0
/** The key of a ticket with several values for one: it goes with none. */
export const NO_KEY = -1
/** Of a ticket that goes with every region. */
export const EVERY_REGION = -1

export class Lanes {
  readonly #slots: Arrivals
  /** Whether some value has to be equal. */
  readonly #hasKeys: boolean
  readonly #lanes = new Map<number, SortedSlots>()
  /** Per slot, of a ticket that is in one lane only, as most are. */
  readonly #only: (SortedSlots | null)[] = []
  /** How many lanes are of tickets that go with any region or any key. */
  #wild = 0
  /** Whether tickets are kept apart by region. */
  byRegion: boolean

  constructor(slots: Arrivals, { hasKeys, byRegion }: { hasKeys: boolean; byRegion: boolean }) {
    this.#slots = slots
    this.#hasKeys = hasKeys
    this.byRegion = byRegion
  }

  /** `mask`: a bit per region of the ticket. `value`: what the lane is ordered by. */
  enter(slot: number, key: number, mask: number, value: number): void {
    this.#only[slot] = null
    if (key === NO_KEY) return
    const regions = this.byRegion ? mask : EVERY_REGION
    if (regions === 0) return
    if (regions === EVERY_REGION || (regions & (regions - 1)) === 0) {
      const lane = this.#lane(numberOf(key, regions === EVERY_REGION ? ANY_REGION : lowestBit(regions)))
      this.#only[slot] = lane
      lane.insert(slot, value)
      return
    }
    for (let left = regions; left !== 0; left &= left - 1)
      this.#lane(numberOf(key, lowestBit(left))).insert(slot, value)
  }

  /** As it was entered. */
  leave(slot: number, key: number, mask: number, value: number): void {
    const only = this.#only[slot]
    if (only) {
      only.remove(slot, value)
      if (only.length === 0) this.#drop(only)
      this.#only[slot] = null
      return
    }
    if (key === NO_KEY) return
    for (let left = mask; left !== 0; left &= left - 1) {
      const lane = this.#lanes.get(numberOf(key, lowestBit(left)))
      lane?.remove(slot, value)
      if (lane?.length === 0) this.#drop(lane)
    }
  }

  /** The lanes in which the candidates of a ticket are; `region` null for all together. */
  candidates(slot: number, key: number, region: number | null, into: SortedSlots[]): void {
    while (into.length > 0) into.pop()
    const only = this.#only[slot]
    if (only && this.#wild === 0) {
      into.push(only)
      return
    }
    this.#offer(key, region, into)
    if (this.#hasKeys && key !== ANY_KEY) this.#offer(ANY_KEY, region, into)
  }

  /** Tickets of a key with a region of their own choice. */
  population(key: number, region: number): number {
    return this.#lanes.get(numberOf(key, region))?.length ?? 0
  }

  /** The largest first. Numbers of keys depend on what came and went before, so they decide only within a key. */
  bySize(): SortedSlots[] {
    const arrivalOf = (lane: SortedSlots) => this.#slots.arrivalOf(lane.first())
    return [...this.#lanes.values()].sort(
      (one, other) => other.length - one.length || arrivalOf(one) - arrivalOf(other) || one.number - other.number,
    )
  }

  /** Forgets all tickets. */
  clear(): void {
    this.#lanes.clear()
    this.#only.length = 0
    this.#wild = 0
  }

  #offer(key: number, region: number | null, into: SortedSlots[]): void {
    const own = this.#lanes.get(numberOf(key, region ?? ANY_REGION))
    if (own !== undefined) into.push(own)
    const wild = region === null ? undefined : this.#lanes.get(numberOf(key, ANY_REGION))
    if (wild !== undefined) into.push(wild)
  }

  #lane(number: number): SortedSlots {
    const known = this.#lanes.get(number)
    if (known !== undefined) return known
    const made = new SortedSlots(this.#slots, number)
    if (this.#isWild(number)) this.#wild++
    this.#lanes.set(number, made)
    return made
  }

  #drop(lane: SortedSlots): void {
    this.#lanes.delete(lane.number)
    if (this.#isWild(lane.number)) this.#wild--
  }

  #isWild(lane: number): boolean {
    return (this.byRegion && lane % LANES_PER_KEY === ANY_REGION) || (this.#hasKeys && lane < LANES_PER_KEY)
  }
}

function numberOf(key: number, region: number): number {
  return key * LANES_PER_KEY + region
}

function lowestBit(mask: number): number {
  return 31 - Math.clz32(mask & -mask)
}
