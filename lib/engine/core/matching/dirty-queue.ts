/**
 * Slots that have to be looked at, in the order of anchors. Most come in that order already: a list that is sorted only
 * when one did not, and from which a slot is taken by forgetting its mark.
 */

export interface Ordered {
  /** Below zero when slot `one` comes before slot `other`. */
  compare(one: number, other: number): number
}

/** Entries gone through before the list is cut. */
const CUT = 4096

export class DirtyQueue {
  readonly #slots: Ordered
  #entries: number[] = []
  #head = 0
  #sorted = true
  /** Per slot, which of its entries counts: a slot that was given to another ticket meanwhile has a newer one. */
  readonly #marks: number[] = []
  readonly #marksOfEntries: number[] = []
  #mark = 0

  constructor(slots: Ordered) {
    this.#slots = slots
  }

  has(slot: number): boolean {
    return (this.#marks[slot] ?? 0) > 0
  }

  add(slot: number): void {
    if (this.has(slot)) return
    this.#marks[slot] = ++this.#mark
    const last = this.#entries.at(-1)
    if (this.#head < this.#entries.length && this.#slots.compare(slot, last!) < 0) this.#sorted = false
    this.#entries.push(slot)
    this.#marksOfEntries.push(this.#mark)
  }

  remove(slot: number): void {
    this.#marks[slot] = 0
  }

  /** The first slot; -1 when there is none. */
  first(): number {
    if (!this.#sorted) this.#sort()
    while (this.#head < this.#entries.length) {
      const slot = this.#entries[this.#head]!
      if (this.#marks[slot] === this.#marksOfEntries[this.#head]) return slot
      this.#head++
      if (this.#head >= CUT && this.#head * 2 > this.#entries.length) this.#cut()
    }
    this.#cut()
    return -1
  }

  /** All slots in order. */
  all(): number[] {
    if (!this.#sorted) this.#sort()
    return this.#entries.filter(
      (slot, place) => place >= this.#head && this.#marks[slot] === this.#marksOfEntries[place],
    )
  }

  #cut(): void {
    this.#entries.splice(0, this.#head)
    this.#marksOfEntries.splice(0, this.#head)
    this.#head = 0
  }

  #sort(): void {
    const live: number[] = []
    for (let place = this.#head; place < this.#entries.length; place++) {
      const slot = this.#entries[place]!
      if (this.#marks[slot] === this.#marksOfEntries[place]) live.push(slot)
    }
    live.sort((one, other) => this.#slots.compare(one, other))
    this.#entries = live
    this.#marksOfEntries.length = 0
    for (const slot of live) this.#marksOfEntries.push(this.#marks[slot]!)
    this.#head = 0
    this.#sorted = true
  }
}
