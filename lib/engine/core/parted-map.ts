/**
 * A Map of very many entries, without their order. A Map that is full moves all it holds at once, 25 ms at 131,072 entries:
 * this one is made of parts of different sizes, which become full one by one and at different times.
 */
export class PartedMap<V> {
  readonly #parts: readonly Map<string, V>[] = Array.from({ length: PARTS }, () => new Map<string, V>())

  get(key: string): V | undefined {
    return this.#partOf(key).get(key)
  }
  has(key: string): boolean {
    return this.#partOf(key).has(key)
  }
  set(key: string, value: V): void {
    this.#partOf(key).set(key, value)
  }
  delete(key: string): boolean {
    return this.#partOf(key).delete(key)
  }
  *values(): Generator<V> {
    for (const part of this.#parts) yield* part.values()
  }

  #partOf(key: string): Map<string, V> {
    return this.#parts[PART_OF_ENDING[endingOf(key)]!]!
  }
}

const PARTS = 16
const ENDINGS = 256
/** What tells ids apart is nearly always near their end, be it a counter or random. */
const ENDING_LENGTH = 6

function endingOf(key: string): number {
  let ending = 0
  for (let at = Math.max(0, key.length - ENDING_LENGTH); at < key.length; at++) ending = 7 * ending + key.charCodeAt(at)
  return ending % ENDINGS
}

/** The largest part is nearly twice as likely as the smallest: what doubles does so at its own time. */
const PART_OF_ENDING = Uint8Array.from({ length: ENDINGS }, (_, ending) =>
  Math.floor(PARTS * Math.log2(1 + ending / ENDINGS)),
)
