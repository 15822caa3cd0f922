/** Hands an anchor the other tickets in pool order, leaving out what an index shows to be no candidate. */
import type { PassPool } from './pass-pool.ts'

/** A window of the spread index is worth sorting when it holds less than this share of the pool. */
const NARROW = 1 / 8

export class CandidateSource {
  readonly #pool: PassPool
  /** Tickets that are taken, or known to be in no match of this pool. */
  readonly #out: Uint8Array
  #outCount = 0
  #builtAt = 0
  #all: number[] = []
  /** By the value of the first equal check. */
  #byKey = new Map<unknown, number[]>()
  /** By the lower end of the first spread check, ascending. */
  #byLow: number[] = []

  constructor(pool: PassPool) {
    this.#pool = pool
    this.#out = new Uint8Array(pool.tickets.length)
    this.#build()
  }

  isOut(ticket: number): boolean {
    return this.#out[ticket] === 1
  }

  remove(ticket: number): void {
    if (this.isOut(ticket)) return
    this.#out[ticket] = 1
    this.#outCount++
  }

  /** A function that gives one candidate after the other, then undefined. */
  for(anchor: number): () => number | undefined {
    // What is left is half of what was indexed: index anew, so that walks do not wade through what is gone.
    if (this.#outCount - this.#builtAt > this.#all.length / 2) this.#build()
    const list = this.#narrowest(anchor)
    let position = 0
    return () => {
      while (position < list.length) {
        const ticket = list[position++]
        if (ticket !== undefined && ticket !== anchor && this.#out[ticket] === 0) return ticket
      }
      return undefined
    }
  }

  #build(): void {
    const { tickets, keys, lows } = this.#pool
    this.#builtAt = this.#outCount
    this.#all = []
    for (let ticket = 0; ticket < tickets.length; ticket++) if (this.#out[ticket] === 0) this.#all.push(ticket)
    const [firstKeys] = keys
    this.#byKey = firstKeys === undefined ? new Map() : Map.groupBy(this.#all, (ticket) => firstKeys[ticket])
    const [firstLows] = lows
    this.#byLow =
      firstLows === undefined ? [] : this.#all.toSorted((one, other) => (firstLows[one] ?? 0) - (firstLows[other] ?? 0))
  }

  #narrowest(anchor: number): readonly number[] {
    const key = this.#pool.keys[0]?.[anchor]
    // A ticket without a value (a backfill ticket without players) goes with any value, so the index cannot serve it.
    const list = key === undefined || this.#byKey.has(undefined) ? this.#all : (this.#byKey.get(key) ?? [])
    return this.#spreadWindow(anchor, list.length) ?? list
  }

  /** Tickets within the first spread check's limit of the anchor, in pool order; null when the index does not help. */
  #spreadWindow(anchor: number, otherwise: number): readonly number[] | null {
    const lows = this.#pool.lows[0]
    const low = lows?.[anchor]
    const high = this.#pool.highs[0]?.[anchor]
    const limit = this.#pool.limits(this.#pool.stages[anchor] ?? 0).spreads[0]
    if (lows === undefined || low === undefined || high === undefined || limit === undefined) return null
    const start = this.#firstAtLeast(lows, high - limit)
    const end = this.#firstAtLeast(lows, low + limit, true)
    // Tickets without a value have Infinity here and go with anyone.
    if (!Number.isFinite(lows[this.#byLow.at(-1) ?? 0] ?? 0)) return null
    if (!Number.isFinite(low) || end - start > otherwise * NARROW) return null
    return this.#byLow.slice(start, end).sort((one, other) => one - other)
  }

  /** First position whose value is at least `value`, or above it. */
  #firstAtLeast(lows: Float64Array, value: number, above = false): number {
    let from = 0
    let to = this.#byLow.length
    while (from < to) {
      const middle = (from + to) >> 1
      const here = lows[this.#byLow[middle] ?? 0] ?? 0
      if (above ? here <= value : here < value) from = middle + 1
      else to = middle
    }
    return from
  }
}
