/** How figures become ratios. */

export interface Cost {
  cpuMs: number
  /** Tickets. */
  matched: number
}

/** Tickets matched per CPU second. */
export function rate({ matched, cpuMs }: Cost): number {
  return matched / (cpuMs / 1000)
}

/** By how much each ticket costs more with `cost` than with `reference`: 1 when they are alike. */
export function slowdown(cost: Cost, reference: Cost): number {
  return rate(reference) / rate(cost)
}

export interface Growth {
  /** For each size but the first: by how much a ticket costs more than at half the size. */
  perDoubling: number[]
  /** By how much a ticket costs more at the largest size than at the smallest. */
  overall: number
  /** Of CPU time over pool size, both as logarithms, by least squares: 1 is linear, 2 quadratic. */
  slope: number
}

/** `costs` in order of size; between two sizes growth is taken to be even. */
export function growth(costs: readonly Cost[]): Growth {
  const perTicket = costs.map((cost) => 1 / rate(cost))
  const perDoubling = costs.slice(1).map((cost, index) => {
    const doublings = Math.log2(cost.matched / costs[index]!.matched)
    return (perTicket[index + 1]! / perTicket[index]!) ** (1 / doublings)
  })
  return { perDoubling, overall: perTicket.at(-1)! / perTicket[0]!, slope: logLogSlope(costs) }
}

function logLogSlope(costs: readonly Cost[]): number {
  const points = costs.map(({ matched, cpuMs }) => ({ x: Math.log(matched), y: Math.log(cpuMs) }))
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const meanX = mean(({ x }) => x)
  const meanY = mean(({ y }) => y)
  return mean(({ x, y }) => (x - meanX) * (y - meanY)) / mean(({ x }) => (x - meanX) ** 2)
}

/** The value below which `share` (0 to 1) of `values` lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
