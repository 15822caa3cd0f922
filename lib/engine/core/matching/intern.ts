/** Small numbers for values that keep coming back, from 1 on. A value nobody holds any more is forgotten. */
export class Intern<T> {
  readonly #codes = new Map<T, number>()
  readonly #held = new Map<number, { value: T; count: number }>()
  #next = 1

  /** Takes hold of a value: as often as this, it has to be released. */
  hold(value: T): number {
    const known = this.#codes.get(value)
    if (known !== undefined) {
      this.#held.get(known)!.count++
      return known
    }
    const code = this.#next++
    this.#codes.set(value, code)
    this.#held.set(code, { value, count: 1 })
    return code
  }

  release(code: number): void {
    const entry = this.#held.get(code)
    if (entry === undefined || --entry.count > 0) return
    this.#held.delete(code)
    this.#codes.delete(entry.value)
  }
}
