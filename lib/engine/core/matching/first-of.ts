/**
 * Hands out items by ascending keys, the first key column first, equals in the order given. A heap: an anchor usually
 * needs a few dozen of thousands of candidates, so sorting them all would be most of the work. NaN is not allowed.
 */
export function firstOf(items: readonly number[], keys: readonly Float64Array[]): () => number | undefined {
  const heap = new Int32Array(items.length)
  for (let position = 0; position < heap.length; position++) heap[position] = position
  let size = heap.length

  const isBefore = (one: number, other: number): boolean => {
    for (const column of keys) {
      const difference = (column[one] ?? 0) - (column[other] ?? 0)
      // Infinity minus itself is NaN: equal.
      if (difference < 0) return true
      if (difference > 0) return false
    }
    return one < other
  }
  const sink = (from: number) => {
    let at = from
    for (;;) {
      let smallest = at
      const left = 2 * at + 1
      if (left < size && isBefore(heap[left] ?? 0, heap[smallest] ?? 0)) smallest = left
      if (left + 1 < size && isBefore(heap[left + 1] ?? 0, heap[smallest] ?? 0)) smallest = left + 1
      if (smallest === at) return
      const kept = heap[at] ?? 0
      heap[at] = heap[smallest] ?? 0
      heap[smallest] = kept
      at = smallest
    }
  }
  for (let at = (size >> 1) - 1; at >= 0; at--) sink(at)

  return () => {
    if (size === 0) return undefined
    const first = heap[0] ?? 0
    size--
    heap[0] = heap[size] ?? 0
    sink(0)
    return items[first]
  }
}
