/**
 * When what falls due: at most one time per key, the earliest found at once. A binary heap that knows where each key
 * sits, so a time that no longer matters is taken out instead of lying in wait (a ticket may name a time hours away and
 * be finished in seconds). Equal times come out in the order they were set.
 */
export class DueTimes {
  #heap: { key: string; atMs: number; order: number }[] = []
  #places = new Map<string, number>()
  #order = 0

  /** Earliest time, or null when nothing is due, ever. */
  nextMs(): number | null {
    return this.#heap[0]?.atMs ?? null
  }

  get(key: string): number | null {
    const place = this.#places.get(key)
    return place === undefined ? null : this.#heap[place]!.atMs
  }

  set(key: string, atMs: number): void {
    this.delete(key)
    this.#heap.push({ key, atMs, order: this.#order++ })
    this.#places.set(key, this.#heap.length - 1)
    this.#up(this.#heap.length - 1)
  }

  delete(key: string): void {
    const place = this.#places.get(key)
    if (place === undefined) return
    this.#places.delete(key)
    const last = this.#heap.pop()!
    if (place === this.#heap.length) return
    this.#heap[place] = last
    this.#places.set(last.key, place)
    this.#up(place)
    this.#down(this.#places.get(last.key)!)
  }

  /** Takes out the earliest key that is due at `nowMs`; null when none is. */
  takeDue(nowMs: number): string | null {
    const first = this.#heap[0]
    if (!first || first.atMs > nowMs) return null
    this.delete(first.key)
    return first.key
  }

  toJSON(): { order: number; due: [string, number, number][] } {
    const due = this.#heap.toSorted(earlier).map(({ key, atMs, order }): [string, number, number] => [key, atMs, order])
    return { order: this.#order, due }
  }

  static from(saved: { order: number; due: [string, number, number][] }): DueTimes {
    const times = new DueTimes()
    times.#order = saved.order
    // Sorted, so the array is a heap as it stands.
    times.#heap = saved.due.map(([key, atMs, order]) => ({ key, atMs, order }))
    saved.due.forEach(([key], place) => {
      times.#places.set(key, place)
    })
    return times
  }

  #up(from: number): void {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (earlier(this.#heap[parent]!, this.#heap[place]!) <= 0) return
      this.#swap(place, parent)
      place = parent
    }
  }

  #down(from: number): void {
    let place = from
    for (;;) {
      let least = place
      for (const child of [2 * place + 1, 2 * place + 2]) {
        if (child < this.#heap.length && earlier(this.#heap[child]!, this.#heap[least]!) < 0) least = child
      }
      if (least === place) return
      this.#swap(place, least)
      place = least
    }
  }

  #swap(a: number, b: number): void {
    const first = this.#heap[a]!
    const second = this.#heap[b]!
    this.#heap[a] = second
    this.#heap[b] = first
    this.#places.set(second.key, a)
    this.#places.set(first.key, b)
  }
}

function earlier(a: { atMs: number; order: number }, b: { atMs: number; order: number }): number {
  return a.atMs - b.atMs || a.order - b.order
}
