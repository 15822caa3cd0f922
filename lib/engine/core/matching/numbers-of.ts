/** One number per item. A loop, because `Float64Array.from` with a function costs several times as much. */
export function numbersOf<T>(items: readonly T[], of: (item: T) => number): Float64Array {
  const numbers = new Float64Array(items.length)
  for (let at = 0; at < numbers.length; at++) numbers[at] = of(items[at]!)
  return numbers
}
